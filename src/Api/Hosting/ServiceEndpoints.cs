using LlmTr.Api.Errors;

namespace LlmTr.Api.Hosting;

/// <summary>What is neither a customer's nor an operator's: health, and the paths that are refused by name.</summary>
internal static class ServiceEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapService(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", static http => WriteAsync(http, "live"));
        routes.MapGet("/health/ready", ReadyAsync);
        foreach (var path in (string[])["files", "realtime", "collections", "videos/edits", "videos/extensions"])
            routes.Map($"/v1/{path}/{{**rest}}", static http => ErrorWriter.WriteAsync(http, GatewayErrors.UnsupportedPath(http.Request.Path)));
    }

    private static async Task ReadyAsync(HttpContext http)
    {
        var readiness = http.RequestServices.GetRequiredService<Readiness>();
        if (await readiness.ProblemAsync(http.RequestAborted) is { } problem)
            await ErrorWriter.WriteAsync(http, GatewayErrors.NotReady(problem));
        else
            await WriteAsync(http, "ready");
    }

    private static Task WriteAsync(HttpContext http, string status)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync($$"""{"status":"{{status}}"}""", http.RequestAborted);
    }
}
