using System.Text.Json.Serialization;
using LlmTr.Money;

namespace LlmTr.Grains.Abstractions;

/// <summary>What a key may do beside having money. Null means no such limit. Compared by value.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.KeyLimits")]
public sealed record KeyLimits
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who set them.</summary>
    public const string Requirement =
        "Limits: requests_per_minute and max_concurrent must be from 1 to 1000000, tokens_per_minute from 1 to 1000000000000, models 1 to 100 ids of 1 to 100 "
        + "printable ASCII characters each, and the budget's amount above zero.";

    /// <summary>No limit at all.</summary>
    public static KeyLimits None { get; } = new();

    /// <summary>Holds that may be placed in any 60 s; 1 to 1,000,000.</summary>
    [Id(0)] public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens, input and output together, that holds may reserve in any 60 s; 1 to 1,000,000,000,000.</summary>
    [Id(1)] public long? TokensPerMinute { get; init; }

    /// <summary>Holds that may be open at one time; 1 to 1,000,000.</summary>
    [Id(2)] public int? MaxConcurrent { get; init; }

    /// <summary>Public ids of the models that the key may use, 1 to 100, in printable ASCII; null allows all.</summary>
    [Id(3)] public IReadOnlyList<string>? Models { get; init; }

    /// <summary>What the key may spend in a period.</summary>
    [Id(4)] public KeyBudget? Budget { get; init; }

    /// <summary>True when there is no limit at all. Nobody asks, but it stands in the snapshots of accounts: without it those of every earlier build would be passed over.</summary>
    public bool IsNone => this == None;

    /// <summary>True when all are in their ranges.</summary>
    public bool IsValid =>
        RequestsPerMinute is null or (>= 1 and <= 1_000_000)
        && TokensPerMinute is null or (>= 1 and <= 1_000_000_000_000)
        && MaxConcurrent is null or (>= 1 and <= 1_000_000)
        && (Models is null || (Models.Count is >= 1 and <= 100 && Models.All(static model => model is { Length: >= 1 and <= 100 } && model.All(static c => c is > ' ' and <= '~'))))
        && (Budget is null || (Budget.Amount.IsPositive && Enum.IsDefined(Budget.Period)));

    /// <inheritdoc/>
    public bool Equals(KeyLimits? other) =>
        other is not null
        && RequestsPerMinute == other.RequestsPerMinute
        && TokensPerMinute == other.TokensPerMinute
        && MaxConcurrent == other.MaxConcurrent
        && Budget == other.Budget
        && (Models is null ? other.Models is null : other.Models is not null && Models.SequenceEqual(other.Models, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RequestsPerMinute, TokensPerMinute, MaxConcurrent, Models?.Count, Budget);
}

/// <summary>What a key may spend in a period. A charge counts in the period of its hold, and an open hold counts as spent.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.KeyBudget")]
public sealed record KeyBudget
{
    /// <summary>Above zero.</summary>
    [Id(0)] public required UsdTicks Amount { get; init; }

    /// <summary>How long a period is.</summary>
    [Id(1)] public required BudgetPeriod Period { get; init; }
}

/// <summary>A period of a budget, in UTC; in JSON <c>day</c>, <c>week</c> or <c>month</c>.</summary>
public enum BudgetPeriod
{
    /// <summary>From midnight.</summary>
    [JsonStringEnumMemberName("day")] Day = 0,

    /// <summary>From Monday's midnight (ISO 8601).</summary>
    [JsonStringEnumMemberName("week")] Week = 1,

    /// <summary>From the first's midnight.</summary>
    [JsonStringEnumMemberName("month")] Month = 2,
}

/// <summary>Whether a key opens anything; in JSON in lower case.</summary>
public enum KeyStatus
{
    /// <summary>It does.</summary>
    [JsonStringEnumMemberName("active")] Active = 0,

    /// <summary>Switched off by an operator, who may switch it on again.</summary>
    [JsonStringEnumMemberName("disabled")] Disabled = 1,

    /// <summary>Past its time, which an operator may prolong.</summary>
    [JsonStringEnumMemberName("expired")] Expired = 2,

    /// <summary>Ended for ever.</summary>
    [JsonStringEnumMemberName("revoked")] Revoked = 3,
}

/// <summary>How a key's limits per minute stand: the numbers of the <c>x-ratelimit-*</c> headers.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.RateStatus")]
public sealed record RateStatus
{
    /// <summary>Requests that may come in any 60 s; null without this limit.</summary>
    [Id(0)] public int? LimitRequests { get; init; }

    /// <summary>How many of them are left; never below zero.</summary>
    [Id(1)] public int RemainingRequests { get; init; }

    /// <summary>Until all of them are left again.</summary>
    [Id(2)] public TimeSpan ResetRequests { get; init; }

    /// <summary>Tokens that may be reserved in any 60 s; null without this limit.</summary>
    [Id(3)] public long? LimitTokens { get; init; }

    /// <summary>How many of them are left; never below zero.</summary>
    [Id(4)] public long RemainingTokens { get; init; }

    /// <summary>Until all of them are left again.</summary>
    [Id(5)] public TimeSpan ResetTokens { get; init; }
}
