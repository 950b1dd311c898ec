using System.Text.Json;
using System.Text.Json.Serialization;
using LlmTr.Api.Accounts;
using LlmTr.Api.Requests;

namespace LlmTr.Api.Customer;

/// <summary><c>GET /v1/balance</c>.</summary>
internal static class BalanceEndpoint
{
    public static async Task ReadAsync(HttpContext http)
    {
        var (_, account) = await CustomerRoutes.OwnAccountAsync(http);
        RequestQuery.Of(http);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new BalanceAnswer(account.Balance.ToUsdString(), account.Held.ToUsdString(), account.Available.ToUsdString(), "USD", LimitsShown.Of(account)),
            BalanceJson.Default.BalanceAnswer);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}

/// <summary>The key's money: exact decimal strings.</summary>
internal sealed record BalanceAnswer(string BalanceUsd, string HeldUsd, string AvailableUsd, string Currency, LimitsShown Limits);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BalanceAnswer))]
internal sealed partial class BalanceJson : JsonSerializerContext;
