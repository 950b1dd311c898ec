using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Grains.Limits;

/// <summary>What an operator can set about a key. Every entry that changes them has all of them.</summary>
/// <param name="Label">The operator's name for the key.</param>
/// <param name="Limits">What the key may do.</param>
/// <param name="ExpiresAt">From this moment on the key is refused, whole milliseconds; null for never.</param>
/// <param name="Disabled">True where it is switched off.</param>
internal sealed record KeySettings(string Label, KeyLimits Limits, DateTimeOffset? ExpiresAt, bool Disabled)
{
    /// <summary>Those of a key without any.</summary>
    public static KeySettings Initial { get; } = new("", KeyLimits.None, null, false);

    /// <summary>Reads them from an entry.</summary>
    public static KeySettings Of(LedgerEntry entry, string label) => new(
        label,
        new KeyLimits
        {
            RequestsPerMinute = entry.RequestsPerMinute,
            TokensPerMinute = entry.TokensPerMinute,
            MaxConcurrent = entry.MaxConcurrent,
            Models = entry.Models?.Split(' '),
            Budget = entry is { Budget: { } amount, BudgetPeriod: { } period } ? new KeyBudget { Amount = amount, Period = period } : null,
        },
        entry.ExpiresAt,
        entry.Status == KeyStatus.Disabled);

    /// <summary>Writes them into an entry.</summary>
    public LedgerEntry WriteTo(LedgerEntry entry) => entry with
    {
        Label = Label,
        RequestsPerMinute = Limits.RequestsPerMinute,
        TokensPerMinute = Limits.TokensPerMinute,
        MaxConcurrent = Limits.MaxConcurrent,
        Models = Limits.Models is { } models ? string.Join(' ', models) : null,
        Budget = Limits.Budget?.Amount,
        BudgetPeriod = Limits.Budget?.Period,
        ExpiresAt = ExpiresAt,
        Status = entry.Kind == LedgerEntryKind.LimitsChanged ? (Disabled ? KeyStatus.Disabled : KeyStatus.Active) : null,
    };
}
