using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Silo.Cluster;

namespace LlmTr.Api.Admin;

/// <summary>The operator's token. Only its hash is kept in memory, and compared in constant time.</summary>
internal sealed class AdminToken(string token)
{
    private const int MostBasicBytes = 1024;

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>True for a request that carries the token.</summary>
    public bool Opens(HttpRequest request) => BearerToken.Read(request) is { } presented && Matches(presented);

    /// <summary>True for a browser's request whose user typed the token as password; whatever the name.</summary>
    public bool OpensForBrowser(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || !"Basic".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        Span<byte> decoded = stackalloc byte[MostBasicBytes];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", decoded, out var length))
            return false;
        var text = Encoding.UTF8.GetString(decoded[..length]);
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && Matches(text[(colon + 1)..]);
    }

    private bool Matches(string presented)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }
}

/// <summary>Guards <c>/admin</c>.</summary>
internal static class AdminGuard
{
    /// <summary>Refuses every request below <c>/admin</c> without the token, for paths that do not exist too.</summary>
    public static void UseAdminGuard(this IApplicationBuilder app)
    {
        var token = app.ApplicationServices.GetRequiredService<AdminToken>();
        var showsDashboard = app.ApplicationServices.GetRequiredService<ClusterSettings>().Dashboard;
        app.UseWhen(
            static http => http.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase),
            branch => branch.Use((http, next) =>
            {
                var forBrowser = showsDashboard && Dashboard.IsFor(http.Request);
                if (token.Opens(http.Request) || (forBrowser && token.OpensForBrowser(http.Request)))
                    return next(http);
                if (forBrowser)
                    http.Response.Headers.WWWAuthenticate = "Basic realm=\"admin token as password\", charset=\"UTF-8\"";
                return ErrorWriter.WriteAsync(http, GatewayErrors.AdminUnauthenticated);
            }));
    }
}
