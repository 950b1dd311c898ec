using System.Security.Cryptography;
using System.Text;
using LlmTr.Api.Errors;
using LlmTr.Api.Keys;

namespace LlmTr.Api.Admin;

/// <summary>The operator's token. Only its hash is kept in memory, and compared in constant time.</summary>
internal sealed class AdminToken(string token)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>True for a request that carries the token.</summary>
    public bool Opens(HttpRequest request)
    {
        if (BearerToken.Read(request) is not { } presented)
            return false;
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
        app.UseWhen(
            static http => http.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase),
            branch => branch.Use((http, next) => token.Opens(http.Request) ? next(http) : ErrorWriter.WriteAsync(http, GatewayErrors.AdminUnauthenticated)));
    }
}
