using LlmTr.Api.Errors;
using LlmTr.Api.Keys;

namespace LlmTr.Api.Metering;

/// <summary>Marks a route whose every request goes through a <see cref="MeteredCall"/>. A test walks the route table and fails on a POST without it.</summary>
internal sealed class MeteredRoute;

/// <summary>The one way to map an inference route.</summary>
internal static class MeteredRoutes
{
    /// <summary>
    /// Maps a POST that gets the caller's key: well-formed and signed by this gateway, which costs no I/O; whether it is still good is the account's to
    /// say, in the same call as the hold.
    /// </summary>
    public static void MapMetered(this IEndpointRouteBuilder routes, string path, Func<HttpContext, PresentedKey, Task> handle)
    {
        var services = routes.ServiceProvider;
        var keys = services.GetRequiredService<KeyFormat>();
        routes.MapPost(path, (RequestDelegate)(http =>
        {
            // All services are the process's own; a scope for each request would be made and disposed of for nothing.
            http.RequestServices = services;
            return keys.TryRead(BearerToken.Read(http.Request), out var key)
                ? handle(http, key)
                : ErrorWriter.WriteAsync(http, GatewayErrors.Unauthenticated);
        })).WithMetadata(new MeteredRoute());
    }
}
