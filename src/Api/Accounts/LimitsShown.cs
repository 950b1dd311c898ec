using System.Text.Json.Serialization;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Accounts;

/// <summary>A key's limits as operators and the customer see them; a limit that the key does not have is absent.</summary>
internal sealed record LimitsShown
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RequestsPerMinute { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? TokensPerMinute { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxConcurrent { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Models { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BudgetShown? Budget { get; init; }

    public static LimitsShown Of(AccountView account) => new()
    {
        RequestsPerMinute = account.Limits.RequestsPerMinute,
        TokensPerMinute = account.Limits.TokensPerMinute,
        MaxConcurrent = account.Limits.MaxConcurrent,
        Models = account.Limits.Models,
        Budget = account.Limits.Budget is not { } budget ? null : new BudgetShown
        {
            AmountUsd = budget.Amount.ToUsdString(),
            Period = budget.Period,
            UsedUsd = (account.BudgetUsed ?? default).ToUsdString(),
            ResetsAt = account.BudgetResetsAt?.UtcDateTime,
        },
    };
}

/// <summary>A budget, and how much of the current period's is used.</summary>
internal sealed record BudgetShown
{
    public required string AmountUsd { get; init; }

    public required BudgetPeriod Period { get; init; }

    /// <summary>Charges and open holds of the period.</summary>
    public required string UsedUsd { get; init; }

    /// <summary>When the period ends, UTC.</summary>
    public required DateTime? ResetsAt { get; init; }
}
