using LlmTr.Grains.Ledgers;

namespace LlmTr.Grains.Accounts;

/// <summary>
/// The way of an account's entries into its ledger: group commit. All lines that come while one append is under way go out together in the
/// next, or, where they are too many for one, in several. One journal lives from a load of the ledger to its first failure; then it is abandoned
/// and never used again.
/// </summary>
internal sealed class Journal(string account, ILedgerStore store, LedgerPosition position, LineHash lastHash, TimeProvider clock, TimeSpan appendTimeout)
{
    // A batch of so many bytes takes no more: far below what any store takes at once, since a batch that is refused for its size would be so again after every load.
    private const int FullBytes = 1024 * 1024;

    // None of them is empty.
    private readonly Queue<Batch> _waiting = new();

    private LedgerPosition _position = position;
    private Batch? _last;
    private Batch? _underWay;
    private bool _abandoned;

    /// <summary>The hash of the last line that was added, durable or not.</summary>
    public LineHash LastHash { get; private set; } = lastHash;

    /// <summary>Told which entries have become durable.</summary>
    public required Action<IReadOnlyList<LedgerEntry>> Written { get; init; }

    /// <summary>Told once, when an append has failed or has not answered in time.</summary>
    public required Action<Exception> Failed { get; init; }

    /// <summary>True when something was added that no append has taken yet.</summary>
    public bool HasUnsent => _waiting.Count > 0;

    /// <summary>Puts the entries of one decision behind all before them. They go out in one append: half of a decision may be an account that cannot be.</summary>
    public void Add(IReadOnlyList<LedgerEntry> decided)
    {
        if (decided.Count == 0)
            return;
        if (_waiting.Count == 0 || _last!.Bytes >= FullBytes)
            _waiting.Enqueue(_last = new Batch());
        foreach (var entry in decided)
        {
            var line = LedgerLine.Encode(entry, LastHash.ToString());
            LastHash = LineHash.Of(line);
            _last.Add(entry, line, LastHash);
        }
    }

    /// <summary>
    /// Completes when all that was added up to now is durable, added by whomever: an answer may rest on entries that are still being
    /// written. Fails when the journal is abandoned first.
    /// </summary>
    public Task Flush()
    {
        if (_waiting.Count == 0)
            return _underWay?.Done.Task ?? Task.CompletedTask;

        var last = _last!;
        if (_underWay is null)
            _ = WriteAsync();
        return last.Done.Task;
    }

    /// <summary>Fails all who wait.</summary>
    /// <returns>The hashes of the lines that were sent and may land yet.</returns>
    public IReadOnlyList<LineHash> Abandon(Exception reason)
    {
        _abandoned = true;
        _underWay?.Fail(reason);
        foreach (var batch in _waiting)
            batch.Fail(reason);
        return _underWay?.Hashes ?? [];
    }

    private async Task WriteAsync()
    {
        while (_waiting.TryDequeue(out var batch))
        {
            _underWay = batch;
            try
            {
                // No cancellation: an append given up half way is the very thing whose outcome nobody knows.
                _position = await store.AppendAsync(account, _position, batch.Lines, CancellationToken.None).WaitAsync(appendTimeout, clock);
            }
            catch (Exception exception) when (!_abandoned)
            {
                Failed(exception);
                return;
            }
            catch (Exception) when (_abandoned)
            {
                // Its waiters were failed when the journal was abandoned.
                return;
            }

            if (_abandoned)
                return;
            _underWay = null;
            Written(batch.Entries);
            batch.Done.SetResult();
        }
    }

    /// <summary>Lines that go out in one append, and the task that all who wait for them share.</summary>
    private sealed class Batch
    {
        public List<LedgerEntry> Entries { get; } = [];

        public List<byte[]> Lines { get; } = [];

        public List<LineHash> Hashes { get; } = [];

        public int Bytes { get; private set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(LedgerEntry entry, byte[] line, LineHash hash)
        {
            Entries.Add(entry);
            Lines.Add(line);
            Hashes.Add(hash);
            Bytes += line.Length;
        }

        public void Fail(Exception reason)
        {
            Done.SetException(reason);

            // A batch without waiters fails unseen, which must not count as an unobserved exception.
            _ = Done.Task.Exception;
        }
    }
}
