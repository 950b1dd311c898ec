using LlmTr.Grains.Accounts;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>What a <see cref="LedgerPosition"/> of this store means.</summary>
/// <param name="Segment">Which blob of the row, 0 being the first.</param>
/// <param name="Offset">Its length, bytes.</param>
/// <param name="IsFull">The next append is the blob's last: it carries the seal.</param>
internal readonly record struct SegmentPosition(long Segment, long Offset, bool IsFull)
{
    /// <summary>The beginning of a blob, which need not exist yet.</summary>
    public static SegmentPosition BeginningOf(long segment) => new(segment, 0, IsFull: false);

    public static SegmentPosition From(LedgerPosition position) =>
        position.Offset < 0 ? new(position.Segment, ~position.Offset, IsFull: true) : new(position.Segment, position.Offset, IsFull: false);

    public LedgerPosition ToLedgerPosition() => new(Segment, IsFull ? ~Offset : Offset);
}
