using LlmTr.Grains.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Hosting;

/// <summary>Whether this silo does its work: the cluster counts it as active, and it reads ledgers.</summary>
internal sealed class SiloHealth(ISiloStatusOracle silos, ILedgerStore ledgers, IHostApplicationLifetime lifetime, IOptions<AccountOptions> options, TimeProvider clock)
{
    // An account that is never issued.
    private const string ProbeAccount = "health-probe";

    /// <summary>Null when it does; else why not, as a sentence for an operator.</summary>
    public async Task<string?> ProblemAsync(CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return "This silo is leaving the cluster.";
        if (silos.CurrentStatus != SiloStatus.Active)
            return $"This silo is not active in the cluster: it is {silos.CurrentStatus}.";
        try
        {
            await ledgers.LoadAsync(ProbeAccount, cancellation).WaitAsync(options.Value.ReadTimeout, clock, cancellation);
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return $"This silo cannot read ledgers: {exception.GetType().Name}.";
        }
    }
}

/// <summary>The routes of a silo's health.</summary>
internal static class SiloHealthRoutes
{
    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapSiloHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", static http => http.Response.WriteAsJsonAsync(new { status = "live" }, http.RequestAborted));
        routes.MapGet("/health/ready", static async http =>
        {
            var problem = await http.RequestServices.GetRequiredService<SiloHealth>().ProblemAsync(http.RequestAborted);
            http.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            await http.Response.WriteAsJsonAsync(problem is null ? (object)new { status = "ready" } : new { status = "not ready", problem }, http.RequestAborted);
        });
    }
}
