using LlmTr.Silo.Hosting;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace LlmTr.Api.Hosting;

/// <summary>
/// Which pages of others may call the gateway from a browser: <c>Cors:Origins</c>, a list separated by spaces or commas; none by default, since a key in a page is a key in
/// everybody's hands. Operators' routes are never among what they may call.
/// </summary>
internal static class CrossOrigin
{
    /// <summary>The configuration's name.</summary>
    public const string Setting = "Cors:Origins";

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    private static readonly string[] Shown =
    [
        "X-Request-Id", "Server-Timing", "Retry-After", "Location", "x-should-retry", "X-LLMTR-Cost-USD", "X-LLMTR-Balance-USD", "X-LLMTR-Max-Output-Tokens",
        "X-LLMTR-Ignored-Fields", "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens",
    ];

    /// <summary>Lets the configured origins in; does nothing without any.</summary>
    /// <exception cref="StartupException">An origin is none.</exception>
    public static void UseCrossOrigin(this IApplicationBuilder app)
    {
        var origins = Read(app.ApplicationServices.GetRequiredService<IConfiguration>());
        if (origins.Length == 0)
            return;

        // No credentials: cookies mean nothing here, and a key is sent by the page itself.
        var policy = new CorsPolicyBuilder(origins).WithMethods("GET", "HEAD", "POST").AllowAnyHeader().WithExposedHeaders(Shown).SetPreflightMaxAge(PreflightLifetime).Build();
        app.UseWhen(
            static http => !http.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase),
            branch => branch.UseMiddleware<CorsMiddleware>(policy));
    }

    /// <summary>The origins, as browsers send them.</summary>
    /// <exception cref="StartupException">One is not an origin.</exception>
    public static string[] Read(IConfiguration configuration)
    {
        var origins = (configuration[Setting] ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || origin.Contains('*') || uri.GetLeftPart(UriPartial.Authority) != origin)
                throw new StartupException($"{Setting} has '{origin}', which is not an origin: write scheme, host and port only, such as https://app.example.com; every origin is named, '*' is not taken.");
        }

        return origins;
    }
}
