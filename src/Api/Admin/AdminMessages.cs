using System.Text.Json;
using System.Text.Json.Serialization;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Api.Admin;

/// <summary><c>POST /admin/v1/keys</c>.</summary>
internal sealed record CreateKeyRequest
{
    /// <summary>1 to 200 characters.</summary>
    public string? Label { get; init; }

    /// <summary>The first credit in USD, zero or more.</summary>
    [JsonConverter(typeof(UsdAmountConverter))]
    public UsdTicks? CreditUsd { get; init; }
}

/// <summary><c>POST /admin/v1/keys/{id}/credits</c>.</summary>
internal sealed record CreditRequest
{
    /// <summary>In USD, above zero.</summary>
    [JsonConverter(typeof(UsdAmountConverter))]
    public UsdTicks? AmountUsd { get; init; }

    /// <summary>At most 200 characters.</summary>
    public string? Reference { get; init; }

    /// <summary>At most 1,000 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>A key as operators see it.</summary>
internal sealed record KeyResponse
{
    public required string Id { get; init; }

    public required string Prefix { get; init; }

    /// <summary>The key itself: only in the answer that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    public required string Label { get; init; }

    public required string Status { get; init; }

    public required string BalanceUsd { get; init; }

    public required string HeldUsd { get; init; }

    public required string AvailableUsd { get; init; }

    public required long BalanceTicks { get; init; }

    public required long HeldTicks { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required KeyTotals Totals { get; init; }

    public static KeyResponse Of(string id, AccountView account, string? key = null) => new()
    {
        Id = id,
        Prefix = account.Prefix,
        Key = key,
        Label = account.Label,
        Status = "active",
        BalanceUsd = account.Balance.ToUsdString(),
        HeldUsd = account.Held.ToUsdString(),
        AvailableUsd = account.Available.ToUsdString(),
        BalanceTicks = account.Balance.Value,
        HeldTicks = account.Held.Value,
        CreatedAt = account.CreatedAt.UtcDateTime,
        Totals = new KeyTotals
        {
            Requests = account.SettledRequests,
            ChargedUsd = account.Charged.ToUsdString(),
            OverrunsUsd = account.Overruns.ToUsdString(),
            OpenHolds = account.OpenHolds,
            Unreconciled = account.OpenCases,
        },
    };
}

/// <summary>Sums over a key's ledger.</summary>
internal sealed record KeyTotals
{
    public required long Requests { get; init; }

    public required string ChargedUsd { get; init; }

    public required string OverrunsUsd { get; init; }

    public required int OpenHolds { get; init; }

    public required int Unreconciled { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateKeyRequest))]
[JsonSerializable(typeof(CreditRequest))]
[JsonSerializable(typeof(KeyResponse))]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>An amount in USD as a decimal string or number of at most 10 decimals, read exactly: a number is taken by its digits, never as a float.</summary>
internal sealed class UsdAmountConverter : JsonConverter<UsdTicks>
{
    public override UsdTicks Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> digits = stackalloc char[64];
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number
            && reader.ValueSpan.Length <= digits.Length
            && UsdTicks.TryParseUsd(digits[..System.Text.Encoding.UTF8.GetChars(reader.ValueSpan, digits)], out var amount))
        {
            return amount;
        }

        throw new JsonException("An amount is a decimal number or string in USD with at most 10 decimals and no exponent.");
    }

    public override void Write(Utf8JsonWriter writer, UsdTicks value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToUsdString());
}
