using System.Text.Json;
using System.Text.Json.Serialization;
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

    /// <summary>What the key may do.</summary>
    public LimitsRequest? Limits { get; init; }

    /// <summary>A moment with its zone.</summary>
    public string? ExpiresAt { get; init; }

    /// <summary>Why, at most 1,000 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary><c>PATCH /admin/v1/keys/{id}</c>: what is absent stays as it is.</summary>
internal sealed record ChangeKeyRequest
{
    /// <summary>1 to 200 characters.</summary>
    public string? Label { get; init; }

    /// <summary>All limits, the old ones replaced as a whole; an empty object takes them away.</summary>
    public LimitsRequest? Limits { get; init; }

    /// <summary>A moment with its zone, or <c>never</c>.</summary>
    public string? ExpiresAt { get; init; }

    /// <summary>Switches the key off or on.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Why, at most 1,000 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>The limits of a key, as they come in; all optional.</summary>
internal sealed record LimitsRequest
{
    public int? RequestsPerMinute { get; init; }

    public long? TokensPerMinute { get; init; }

    public int? MaxConcurrent { get; init; }

    public IReadOnlyList<string>? Models { get; init; }

    public BudgetRequest? Budget { get; init; }
}

/// <summary>What a key may spend in a period.</summary>
internal sealed record BudgetRequest
{
    [JsonConverter(typeof(UsdAmountConverter))]
    public UsdTicks? AmountUsd { get; init; }

    /// <summary><c>day</c>, <c>week</c> or <c>month</c>.</summary>
    public string? Period { get; init; }
}

/// <summary><c>POST /admin/v1/keys/{id}/rotate</c>.</summary>
internal sealed record RotateRequest
{
    /// <summary>How long the secret that was current stays good, seconds; zero ends it at once.</summary>
    public long? GraceSeconds { get; init; }

    /// <summary>Why, at most 1,000 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary><c>POST /admin/v1/keys/{id}/revoke</c>.</summary>
internal sealed record RevokeRequest
{
    /// <summary>Why, at most 1,000 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary><c>POST /admin/v1/keys/{id}/credits</c> and <c>…/debits</c>.</summary>
internal sealed record PostingRequest
{
    /// <summary>In USD, above zero.</summary>
    [JsonConverter(typeof(UsdAmountConverter))]
    public UsdTicks? AmountUsd { get; init; }

    /// <summary>At most 200 characters.</summary>
    public string? Reference { get; init; }

    /// <summary>At most 1,000 characters.</summary>
    public string? Note { get; init; }
}

/// <summary><c>POST /admin/v1/unreconciled/{id}</c>: exactly one of the first two.</summary>
internal sealed record ResolveRequest
{
    /// <summary>What the request truly cost, in USD, above zero.</summary>
    [JsonConverter(typeof(UsdAmountConverter))]
    public UsdTicks? SettleUsd { get; init; }

    /// <summary>True closes the case without a charge.</summary>
    public bool? Waive { get; init; }

    /// <summary>At most 1,000 characters.</summary>
    public string? Note { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateKeyRequest))]
[JsonSerializable(typeof(ChangeKeyRequest))]
[JsonSerializable(typeof(RotateRequest))]
[JsonSerializable(typeof(RevokeRequest))]
[JsonSerializable(typeof(PostingRequest))]
[JsonSerializable(typeof(ResolveRequest))]
internal sealed partial class AdminRequestJson : JsonSerializerContext;

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
