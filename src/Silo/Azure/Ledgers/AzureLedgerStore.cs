using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Snapshots;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>
/// Ledgers as rows of append blobs. One append is one block, refused unless the blob is as long as the writer believes. The block that fills a blob carries its seal, so
/// lines and seal are one step, and whoever stood before it is refused; the next blob is made by whoever appends behind the seal.
/// <code>
/// append at the end ─► block                       (n, length)
/// … at a full blob  ─► block and seal              (n + 1, 0)
/// … at the start    ─► block; where there is no blob: make it if blob n is sealed, block again
/// </code>
/// A load that finds a seal last stands at the start of the next blob, made or not: a roll is never half done.
/// </summary>
internal sealed class AzureLedgerStore(ILedgerBlobs blobs, AzureLedgerOptions options) : ILedgerStore
{
    private readonly LedgerReader _reader = new(blobs, options);
    private readonly LedgerPlaces _places = new();

    /// <inheritdoc/>
    public async Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        SegmentNames.Check(account);
        var at = SegmentPosition.From(position);
        var block = LedgerBlock.Encode(lines, seals: at.IsFull, out var firstSeq);

        var blob = SegmentNames.Of(account, at.Segment);
        var appended = await blobs.AppendAsync(blob, at.Offset, block, cancellation);
        if (appended.Outcome == AppendOutcome.NoBlob && await MayBeginAsync(account, at, firstSeq, cancellation))
        {
            await blobs.CreateAsync(blob, cancellation);
            appended = await blobs.AppendAsync(blob, at.Offset, block, cancellation);
        }

        if (appended.Outcome != AppendOutcome.Appended)
            throw new LedgerConflictException();
        var length = at.Offset + block.Length;
        var end = at.IsFull ? SegmentPosition.BeginningOf(at.Segment + 1) : new SegmentPosition(at.Segment, length, options.IsFull(appended.Blocks, length));
        _places.RememberAppend(account, new LedgerPlace(firstSeq, at.Segment, at.Offset), new LedgerPlace(firstSeq + lines.Count, end.Segment, end.Offset));
        return end.ToLedgerPosition();
    }

    /// <inheritdoc/>
    public async Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        SegmentNames.Check(account);

        // Before the ledger: one that was saved meanwhile may be of an entry behind the end that is found here.
        var snapshot = await blobs.ReadWholeAsync(SegmentNames.SnapshotOf(account), cancellation) is { } saved ? SnapshotBlob.Decode(saved) : null;
        var sizes = await _reader.SizesBehindTheFirstAsync(account, cancellation);

        // The lines at its beginning are of use only where there is no snapshot; an emulator takes the longer, the more blocks are read.
        var first = await blobs.ReadAsync(SegmentNames.Of(account, 0), 0, snapshot is null ? options.SearchBytes : 1, cancellation);
        var scan = first is { } head
            ? await ReadEndAsync(account, snapshot, [head.Length, .. sizes], head, cancellation)
            : await _reader.ReadAsync(account, SegmentPosition.BeginningOf(0), fromSeq: 1, int.MaxValue, already: null, cancellation);

        if (scan.Next is { } next)
        {
            if (snapshot?.Seq >= next.Seq)
            {
                throw new LedgerBrokenException(
                    $"The ledger ends before entry {next.Seq}, yet a snapshot of entry {snapshot.Seq} was saved: entries are lost. Restore the blobs; to go on without those entries, delete the blob of the snapshot.");
            }

            _places.RememberEnd(account, next);
        }

        return new StoredLedger(scan.Lines, scan.End!.Value.ToLedgerPosition(), snapshot?.State);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        SegmentNames.Check(account);
        if (limit <= 0)
            return [];
        LedgerScan? scan = null;
        if (_places.Of(account, fromSeq) is { } place)
        {
            scan = await _reader.ReadAsync(account, new SegmentPosition(place.Segment, place.Offset, IsFull: false), fromSeq, limit, already: null, cancellation);
            if (scan.FirstMet is { } met && met != fromSeq)
            {
                _places.Forget(account);
                scan = null;
            }
        }

        scan ??= await _reader.ReadAsync(account, await _reader.FindAsync(account, fromSeq, cancellation), fromSeq, limit, already: null, cancellation);
        if (scan.Next is { } next && scan.End is not null)
            _places.RememberEnd(account, next);
        else if (scan.Next is not null)
            _places.RememberPage(account, scan.Next);
        return scan.Lines;
    }

    /// <inheritdoc/>
    public Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        SegmentNames.Check(account);
        var place = _places.AtOrBefore(account, snapshot.Seq);
        return blobs.ReplaceAsync(SegmentNames.SnapshotOf(account), () => SnapshotBlob.Encode(snapshot.Seq, place, snapshot.Encode()), cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var accounts = new List<string>();
        var from = SegmentNames.FirstOnes + after;
        while (accounts.Count < limit)
        {
            // One more, because the list begins with the last one of the page before.
            var most = limit - accounts.Count + 1;
            var listed = await blobs.ListAsync(SegmentNames.FirstOnes, from, most, cancellation);

            // An empty one was made for an append that did not come: there is no such account yet.
            accounts.AddRange(listed
                .Where(blob => blob.Length > 0 && string.CompareOrdinal(SegmentNames.AccountOf(blob.Name), accounts.LastOrDefault() ?? after) > 0)
                .Select(static blob => SegmentNames.AccountOf(blob.Name))
                .Take(limit - accounts.Count));
            if (listed.Count < most)
                break;
            from = listed[^1].Name;
        }

        return accounts;
    }

    // Every blob but the first begins behind a sealed one, whose seal says with which entry. A position from elsewhere must not make a row with a gap.
    private async Task<bool> MayBeginAsync(string account, SegmentPosition at, long firstSeq, CancellationToken cancellation)
    {
        if (at.Offset > 0 || at.Segment == 0)
            return at.Offset == 0;
        return await _reader.SealOfAsync(account, at.Segment - 1, cancellation) == firstSeq;
    }

    // The lines from the snapshot's on, or as many of the last as one load reads.
    private async Task<LedgerScan> ReadEndAsync(string account, FoundSnapshot? snapshot, long[] sizes, BlobPart head, CancellationToken cancellation)
    {
        var fromSeq = snapshot?.Seq ?? 1;
        for (var mostBytes = (long)options.LoadBytes; ; mostBytes *= 2)
        {
            var tail = Tail(sizes, mostBytes);
            var at = tail;
            if (snapshot is not null && await PlaceOfAsync(account, snapshot, cancellation) is var place && place.CompareTo(tail) >= 0)
                at = place;
            if (at == tail && tail.Offset > 0)
                at = (tail.Segment, (await _reader.NextLineAsync(account, tail.Segment, tail.Offset, cancellation)).Offset);
            var scan = await _reader.ReadAsync(account, new SegmentPosition(at.Segment, at.Offset, IsFull: false), fromSeq, int.MaxValue, at == (0, 0) ? head : null, cancellation);

            // Without any line only where one is longer than the stretch that was read.
            if (scan.FirstMet is not null || at == (0, 0))
                return scan;
        }
    }

    private async Task<(long Segment, long Offset)> PlaceOfAsync(string account, FoundSnapshot snapshot, CancellationToken cancellation)
    {
        // Another ledger may have been put back under the snapshot since.
        if (snapshot.Place is { } place && await _reader.IsAtAsync(account, place, cancellation))
            return (place.Segment, place.Offset);
        var found = await _reader.FindAsync(account, snapshot.Seq, cancellation);
        return (found.Segment, found.Offset);
    }

    private static (long Segment, long Offset) Tail(long[] sizes, long mostBytes)
    {
        var segment = sizes.Length - 1;
        while (segment > 0 && sizes[segment] < mostBytes)
            mostBytes -= sizes[segment--];
        return (segment, Math.Max(0, sizes[segment] - mostBytes));
    }
}
