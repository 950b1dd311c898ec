using LlmTr.Grains.Abstractions;

namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>What the ledger says about one request, for ever. Sequence numbers are 0 where there is no such entry.</summary>
internal sealed class HoldRecord
{
    public long Placed { get; set; }

    public DateTimeOffset PlacedAt { get; set; }

    public long Granted { get; set; }

    public DateTimeOffset Deadline { get; set; }

    /// <summary>What it counts for in a limit of tokens: reserved, then as they came out.</summary>
    public long Tokens { get; set; }

    public string? Fingerprint { get; set; }

    public string? Body { get; set; }

    public long Ended { get; set; }

    public LedgerEntryKind EndedBy { get; set; }

    public DateTimeOffset LastAt { get; set; }

    public long Settled { get; set; }

    public long Charged { get; set; }

    public long Cost { get; set; }

    public CostSource Source { get; set; }

    /// <summary>Its case was closed by an operator without a charge.</summary>
    public long Waived { get; set; }

    /// <summary>The first entry about the request.</summary>
    public long First => Placed > 0 ? Placed : Ended;

    public long Overrun => Cost - Charged;

    public bool IsOpen => Placed > 0 && Ended == 0;

    public bool IsReleased => Ended > 0 && EndedBy == LedgerEntryKind.HoldReleased;

    /// <summary>Ended without a cost that anyone knew, and neither settled nor waived since.</summary>
    public bool IsCase => Ended > 0 && Settled == 0 && Waived == 0 && EndedBy is LedgerEntryKind.HoldExpired or LedgerEntryKind.Unreconciled;
}
