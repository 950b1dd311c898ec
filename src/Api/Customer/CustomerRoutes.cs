using LlmTr.Api.Accounts;
using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Customer;

/// <summary>The customer's own account. Each call asks the key's account, so that a key revoked a moment ago opens nothing here either.</summary>
internal static class CustomerRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapCustomer(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/balance", RefusedException.Answered(BalanceEndpoint.ReadAsync));
        routes.MapGet("/api/usage", RefusedException.Answered(UsageEndpoint.ReadAsync));
    }

    /// <summary>
    /// The caller's key and account. A key that is disabled or expired may still see what it cost: only inference is refused to it.
    /// </summary>
    /// <exception cref="RefusedException">401: no key, or one that is malformed, unknown or revoked.</exception>
    /// <exception cref="AccountUnavailableException">Nobody could tell.</exception>
    public static async Task<(string KeyId, AccountView Account)> OwnAccountAsync(HttpContext http)
    {
        var keys = http.RequestServices.GetRequiredService<KeyFormat>();
        if (!keys.TryRead(BearerToken.Read(http.Request), out var key))
            throw new RefusedException(GatewayErrors.Unauthenticated);
        var (told, account) = await http.RequestServices.GetRequiredService<AccountClient>().ReadAsync(key.KeyId, key.Secret, http.RequestAborted);
        if (account is null)
            throw told ? new RefusedException(GatewayErrors.Unauthenticated) : new AccountUnavailableException();
        return (key.KeyId, account);
    }
}
