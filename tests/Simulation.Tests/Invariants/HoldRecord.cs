using LlmTr.Grains.Abstractions;

namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>What the ledger says about one request, for ever. Sequence numbers are 0 where there is no such entry.</summary>
internal sealed class HoldRecord
{
    public long Placed { get; set; }

    public long Granted { get; set; }

    public DateTimeOffset Deadline { get; set; }

    public long Ended { get; set; }

    public LedgerEntryKind EndedBy { get; set; }

    public DateTimeOffset LastAt { get; set; }

    public long Settled { get; set; }

    public long Charged { get; set; }

    public long Cost { get; set; }

    public CostSource Source { get; set; }

    /// <summary>The first entry about the request.</summary>
    public long First => Placed > 0 ? Placed : Ended;

    public long Overrun => Cost - Charged;

    public bool IsOpen => Placed > 0 && Ended == 0;

    /// <summary>Ended without a cost that anyone knew, and not settled since.</summary>
    public bool IsCase => Ended > 0 && Settled == 0 && EndedBy is LedgerEntryKind.HoldExpired or LedgerEntryKind.Unreconciled;
}
