using LlmTr.Grains.Ledgers;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>Reads ledgers from their blobs: which there are, lines from a place on, and the place of a line.</summary>
internal sealed class LedgerReader(ILedgerBlobs blobs, AzureLedgerOptions options)
{
    // Enough for the number that a line begins with.
    private const int HeadBytes = 64;

    // A line of a usual request has 300 to 700 bytes.
    private const int BytesPerLine = 1024;
    private const int LeastPerRequest = 16 * 1024;
    private const int MostPerRequest = LedgerBlock.MostBytes;
    private const int MostInAList = 5_000;

    /// <summary>Reads lines from a place on.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="at">The beginning of a line, or the end of a blob.</param>
    /// <param name="fromSeq">Lines before this one are passed over.</param>
    /// <param name="limit">How many lines are wanted.</param>
    /// <param name="already">What is known to be at that place, when somebody has just looked.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LedgerBrokenException">The ledger contradicts itself, or a blob is missing.</exception>
    public async Task<LedgerScan> ReadAsync(string account, SegmentPosition at, long fromSeq, int limit, BlobPart? already, CancellationToken cancellation)
    {
        var scan = new LedgerScan(fromSeq, limit);
        var (segment, offset) = (at.Segment, at.Offset);
        var mostBytes = (int)Math.Clamp((long)limit * BytesPerLine, LeastPerRequest, MostPerRequest);
        scan.BeginBlob(isFirst: segment == 0 && offset == 0);
        while (true)
        {
            var found = already ?? await blobs.ReadAsync(SegmentNames.Of(account, segment), offset, mostBytes, cancellation);
            already = null;
            if (found is not { } part)
            {
                if (await IsMadeByNowAsync(account, segment, offset, cancellation))
                    continue;
                return EndAt(scan, SegmentPosition.BeginningOf(segment));
            }

            var taken = scan.Take(part.Bytes.Span);
            var readTo = offset + part.Bytes.Length;
            offset += taken;
            if (scan.IsSealed)
            {
                if (offset != part.Length)
                    throw new LedgerBrokenException($"Blob {segment} of the ledger goes on behind its seal.");
                (segment, offset) = (segment + 1, 0);
                scan.BeginBlob(isFirst: false);
            }
            else if (scan.HasAll)
            {
                scan.Next = PlaceOfNext(scan, segment, offset);
                return scan;
            }
            else if (offset == part.Length)
            {
                return EndAt(scan, new SegmentPosition(segment, offset, options.IsFull(part.Blocks, part.Length)));
            }
            else if (taken == 0 && (readTo == part.Length || mostBytes > LedgerBlock.MostBytes))
            {
                throw new LedgerBrokenException($"Blob {segment} of the ledger has a line without an end.");
            }
            else if (taken == 0)
            {
                mostBytes *= 2;
            }
        }
    }

    /// <summary>The sizes in bytes of all blobs of a ledger but the first.</summary>
    /// <exception cref="LedgerBrokenException">One in the row is missing.</exception>
    public async Task<IReadOnlyList<long>> SizesBehindTheFirstAsync(string account, CancellationToken cancellation)
    {
        var sizes = new List<long>();
        var prefix = SegmentNames.MoreOf(account);
        while (true)
        {
            var listed = await blobs.ListAsync(prefix, SegmentNames.Of(account, sizes.Count + 1), MostInAList, cancellation);
            foreach (var blob in listed)
            {
                if (blob.Name != SegmentNames.Of(account, sizes.Count + 1))
                    throw Missing(sizes.Count + 1);
                sizes.Add(blob.Length);
            }

            if (listed.Count < MostInAList)
                return sizes;
        }
    }

    /// <summary>The beginning of a line at or before the one with this number, so near that one request reads from there to it; the beginning of the ledger for an unknown account.</summary>
    public async Task<SegmentPosition> FindAsync(string account, long seq, CancellationToken cancellation)
    {
        // The last blob that begins at or before it. Only the very last may be empty.
        var (low, beyond) = (0L, (await SizesBehindTheFirstAsync(account, cancellation)).Count + 1L);
        while (beyond - low > 1)
        {
            var middle = low + ((beyond - low) / 2);
            var head = await HeadAsync(account, middle, cancellation);
            if (head.Seq <= seq)
                low = middle;
            else
                beyond = middle;
        }

        if (await blobs.ReadAsync(SegmentNames.Of(account, low), 0, 1, cancellation) is not { } whole)
            return low == 0 ? SegmentPosition.BeginningOf(0) : throw Missing(low);
        return new SegmentPosition(low, await FindInBlobAsync(account, low, whole.Length, seq, cancellation), IsFull: false);
    }

    /// <summary>The first beginning of a line at or behind an offset, and the line's number: null where the blob has only a seal there, or nothing more.</summary>
    public Task<(long Offset, long? Seq)> NextLineAsync(string account, long segment, long offset, CancellationToken cancellation) =>
        NextLineAsync(account, segment, offset, LeastPerRequest, cancellation);

    /// <summary>True when a line begins at a place, and is the one that it names.</summary>
    public async Task<bool> IsAtAsync(string account, LedgerPlace place, CancellationToken cancellation) =>
        await NextLineAsync(account, place.Segment, place.Offset, 1 + HeadBytes, cancellation) == (place.Offset, place.Seq);

    /// <summary>The entry that a blob's seal names; null where the blob is missing or goes on.</summary>
    public async Task<long?> SealOfAsync(string account, long segment, CancellationToken cancellation)
    {
        var blob = SegmentNames.Of(account, segment);
        if (await blobs.ReadAsync(blob, 0, 1, cancellation) is not { } whole
            || await blobs.ReadAsync(blob, Math.Max(0, whole.Length - HeadBytes), HeadBytes, cancellation) is not { Bytes.Length: > 0 } end)
        {
            return null;
        }

        var lastLine = end.Bytes.Span[..^1];
        return LedgerBlock.TryReadSeal(lastLine[(lastLine.LastIndexOf(LedgerBlock.LineEnd) + 1)..], out var seq) ? seq : null;
    }

    private async Task<(long Offset, long? Seq)> NextLineAsync(string account, long segment, long offset, int leastBytes, CancellationToken cancellation)
    {
        // From the byte before on: that a line begins at the offset itself is told by the line end before it.
        var from = Math.Max(0, offset - 1);
        for (var mostBytes = leastBytes; ; mostBytes *= 2)
        {
            var part = await blobs.ReadAsync(SegmentNames.Of(account, segment), from, mostBytes, cancellation) ?? throw Missing(segment);
            var bytes = part.Bytes.Span;
            var atEnd = from + bytes.Length == part.Length;
            var begins = offset == 0 ? 0 : LedgerBlock.NextLine(bytes);
            if (begins < 0 && atEnd)
                return (part.Length, null);
            if (begins >= 0 && (atEnd || bytes.Length - begins >= HeadBytes))
                return (from + begins, LedgerBlock.TryReadSeq(bytes[begins..], out var seq) ? seq : null);
        }
    }

    private async Task<long> FindInBlobAsync(string account, long segment, long length, long seq, CancellationToken cancellation)
    {
        var (low, high) = (0L, length);
        while (high - low > options.SearchBytes)
        {
            var middle = low + ((high - low) / 2);
            var line = await NextLineAsync(account, segment, middle, cancellation);
            if (line.Seq <= seq)
                low = line.Offset;
            else
                high = middle;
        }

        return low;
    }

    private async Task<(long Offset, long Seq)> HeadAsync(string account, long segment, CancellationToken cancellation) =>
        await NextLineAsync(account, segment, 0, cancellation) is { Seq: { } seq } ? (0, seq) : (0, long.MaxValue);

    // A blob that is not there is in order only where the ledger goes on next: behind a seal, or at its very beginning.
    private async Task<bool> IsMadeByNowAsync(string account, long segment, long offset, CancellationToken cancellation)
    {
        if (offset > 0)
            throw Missing(segment);
        var behindTheFirst = (await SizesBehindTheFirstAsync(account, cancellation)).Count;
        if (behindTheFirst < segment || (segment == 0 && behindTheFirst == 0))
            return false;
        return segment > 0 ? true : throw Missing(segment);
    }

    private static LedgerScan EndAt(LedgerScan scan, SegmentPosition end)
    {
        scan.End = end;
        scan.Next = PlaceOfNext(scan, end.Segment, end.Offset);
        return scan;
    }

    private static LedgerPlace? PlaceOfNext(LedgerScan scan, long segment, long offset) => scan.NextSeq is { } seq ? new LedgerPlace(seq, segment, offset) : null;

    private static LedgerBrokenException Missing(long segment) => new($"Blob {segment} of the ledger is missing.");
}
