using Microsoft.Extensions.Options;

namespace LlmTr.Api.Hosting;

/// <summary>
/// The way out in two steps. Told to stop, the program first goes on as before but says that it is not ready (<see cref="IsDraining"/>), so that load balancers turn to others;
/// then it leaves (<see cref="Leaving"/>): what is under way is finished within its limits, and nothing new is taken.
/// </summary>
internal sealed class GracefulStop(IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options, TimeProvider clock) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private volatile bool _draining;

    /// <summary>True from the moment that the program was told to stop.</summary>
    public bool IsDraining => _draining || lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled when the time to drain is over.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before anything is stopped.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        try
        {
            await Task.Delay(options.Value.Drain, clock, cancellationToken);
        }
        finally
        {
            await _leaving.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _leaving.Dispose();
}

/// <summary>What a front end on its way out says with every answer.</summary>
internal static class DrainingMiddleware
{
    /// <summary>Asks the clients of a stopping front end not to use their connections again: one that is closed under a request would lose it.</summary>
    public static void UseDraining(this IApplicationBuilder app)
    {
        var stop = app.ApplicationServices.GetRequiredService<GracefulStop>();
        app.Use((http, next) =>
        {
            if (HttpProtocol.IsHttp11(http.Request.Protocol))
            {
                http.Response.OnStarting(static state =>
                {
                    var (http, stop) = ((HttpContext, GracefulStop))state;
                    if (stop.IsDraining)
                        http.Response.Headers.Connection = "close";
                    return Task.CompletedTask;
                }, (http, stop));
            }

            return next(http);
        });
    }
}
