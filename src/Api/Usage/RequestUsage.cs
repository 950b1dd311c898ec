using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Api.Usage;

/// <summary>One request of the usage log: the entry of its hold, and the last entry that says how the hold ended.</summary>
/// <param name="Hold">Its moment is the request's, so that a charge counts on the day of its hold.</param>
/// <param name="End">Null while the request is under way.</param>
internal sealed record RequestUsage(LedgerEntry Hold, LedgerEntry? End)
{
    /// <summary>The settlement; null where nothing was charged.</summary>
    public LedgerEntry? Charge => End is { Kind: LedgerEntryKind.HoldSettled } ? End : null;

    /// <summary>What the customer paid.</summary>
    public UsdTicks Cost => Charge?.Amount ?? UsdTicks.Zero;

    /// <summary>Input and output; null where xAI told neither.</summary>
    public long? TotalTokens => End?.InputTokens is null && End?.OutputTokens is null ? null : TokenSum.Of(End.InputTokens ?? 0, End.OutputTokens);

    /// <summary>True for the kinds of entries that end a hold or close its case.</summary>
    public static bool IsEnd(LedgerEntry entry) => entry.Kind
        is LedgerEntryKind.HoldSettled or LedgerEntryKind.HoldReleased or LedgerEntryKind.HoldExpired or LedgerEntryKind.Unreconciled;

    /// <summary>True for the kinds of entries behind which a request has no other, but for an overrun.</summary>
    public static bool IsLast(LedgerEntry entry) => entry.Kind is LedgerEntryKind.HoldSettled or LedgerEntryKind.HoldReleased;

    /// <summary>The request after one more entry of its own. A case that is closed keeps the facts that only its opening knew.</summary>
    public RequestUsage With(LedgerEntry end) => this with
    {
        End = end with { StatusCode = end.StatusCode ?? End?.StatusCode, LatencyMs = end.LatencyMs ?? End?.LatencyMs },
    };
}
