using LlmTr.Api.Accounts;
using LlmTr.Api.Errors;

namespace LlmTr.Api.Hosting;

/// <summary>What is neither a customer's nor an operator's: health, and the paths that are refused by name.</summary>
internal static class ServiceEndpoints
{
    // An account that is never issued: reading it goes all the way to the ledger and back.
    private const string ProbeAccount = "health-probe";

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    /// <summary>Maps the routes.</summary>
    public static void MapService(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", static http => WriteAsync(http, "live"));
        routes.MapGet("/health/ready", ReadyAsync);
        foreach (var path in (string[])["files", "realtime", "collections"])
            routes.Map($"/v1/{path}/{{**rest}}", static http => ErrorWriter.WriteAsync(http, GatewayErrors.UnsupportedPath(http.Request.Path)));
    }

    private static async Task ReadyAsync(HttpContext http)
    {
        var accounts = http.RequestServices.GetRequiredService<AccountClient>();
        var told = await accounts.RepeatAsync(
            ProbeAccount, http.RequestAborted, static async (account, cancellation) => (object)(await account.Read(cancellation) is null), ProbePatience, http.RequestAborted);
        if (told is null)
            await ErrorWriter.WriteAsync(http, GatewayErrors.AccountsUnavailable);
        else
            await WriteAsync(http, "ready");
    }

    private static Task WriteAsync(HttpContext http, string status)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync($$"""{"status":"{{status}}"}""", http.RequestAborted);
    }
}
