using LlmTr.Grains.Ledgers;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>Lines gathered from the bytes of one blob after the other. Sees to it that each line is the next, and that a seal names what comes behind it.</summary>
/// <param name="fromSeq">Lines before this one are passed over.</param>
/// <param name="limit">How many lines are wanted.</param>
internal sealed class LedgerScan(long fromSeq, int limit)
{
    private readonly List<byte[]> _lines = [];

    /// <summary>The lines wanted, oldest first.</summary>
    public IReadOnlyList<byte[]> Lines => _lines;

    /// <summary>The sequence number of the first line that was met, wanted or not; null when there was none.</summary>
    public long? FirstMet { get; private set; }

    /// <summary>The sequence number of the line behind the last one that was met; null while none is known.</summary>
    public long? NextSeq { get; private set; }

    /// <summary>True once a seal was met: the next bytes are another blob's.</summary>
    public bool IsSealed { get; private set; }

    public bool HasAll => _lines.Count >= limit;

    /// <summary>Where the ledger ends; null when there was enough before.</summary>
    public SegmentPosition? End { get; set; }

    /// <summary>Where the line behind the last one that was met begins, or will.</summary>
    public LedgerPlace? Next { get; set; }

    /// <summary>Begins in a blob: 1 is the first line of a ledger, and the seal of the blob before says it of all others.</summary>
    public void BeginBlob(bool isFirst)
    {
        IsSealed = false;
        if (isFirst)
            NextSeq = 1;
    }

    /// <summary>Takes whole lines up to a seal or the limit.</summary>
    /// <returns>How many bytes they have.</returns>
    /// <exception cref="LedgerBrokenException">A line is not the one that belongs there.</exception>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (!IsSealed && !HasAll && LedgerBlock.NextLine(bytes[taken..]) is var length and > 0)
        {
            TakeLine(bytes.Slice(taken, length - 1));
            taken += length;
        }

        return taken;
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        IsSealed = LedgerBlock.TryReadSeal(line, out var seq);
        if (!IsSealed && !LedgerBlock.TryReadSeq(line, out seq))
            throw new LedgerBrokenException($"Where entry {NextSeq} belongs is a line that is no entry.");
        if (NextSeq is { } next && seq != next)
            throw new LedgerBrokenException($"Where entry {next} belongs is entry {seq}.");
        NextSeq = seq;
        if (IsSealed)
            return;
        FirstMet ??= seq;
        NextSeq++;
        if (seq >= fromSeq)
            _lines.Add(line.ToArray());
    }
}
