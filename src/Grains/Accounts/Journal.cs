using LlmTr.Grains.Ledgers;

namespace LlmTr.Grains.Accounts;

/// <summary>
/// The way of an account's entries into its ledger: group commit. All lines that come while one append is under way go out together in the
/// next. One journal lives from a load of the ledger to its first failure; then it is abandoned and never used again.
/// </summary>
internal sealed class Journal(string account, ILedgerStore store, LedgerPosition position, LineHash lastHash, TimeProvider clock, TimeSpan appendTimeout)
{
    private LedgerPosition _position = position;
    private Batch _next = new();
    private Batch? _underWay;
    private bool _abandoned;

    /// <summary>The hash of the last line that was added, durable or not.</summary>
    public LineHash LastHash { get; private set; } = lastHash;

    /// <summary>Told which entries have become durable.</summary>
    public required Action<IReadOnlyList<LedgerEntry>> Written { get; init; }

    /// <summary>Told once, when an append has failed or has not answered in time.</summary>
    public required Action<Exception> Failed { get; init; }

    /// <summary>True when something was added that no append has taken yet.</summary>
    public bool HasUnsent => _next.Lines.Count > 0;

    /// <summary>Puts an entry behind all before it.</summary>
    public void Add(LedgerEntry entry)
    {
        var line = LedgerLine.Encode(entry, LastHash.ToString());
        LastHash = LineHash.Of(line);
        _next.Entries.Add(entry);
        _next.Lines.Add(line);
        _next.Hashes.Add(LastHash);
    }

    /// <summary>
    /// Completes when all that was added up to now is durable, added by whomever: an answer may rest on entries that are still being
    /// written. Fails when the journal is abandoned first.
    /// </summary>
    public Task Flush()
    {
        if (_next.Lines.Count == 0)
            return _underWay?.Done.Task ?? Task.CompletedTask;

        var batch = _next;
        if (_underWay is null)
            _ = WriteAsync();
        return batch.Done.Task;
    }

    /// <summary>Fails all who wait.</summary>
    /// <returns>The hashes of the lines that were sent and may land yet.</returns>
    public IReadOnlyList<LineHash> Abandon(Exception reason)
    {
        _abandoned = true;
        _underWay?.Fail(reason);
        _next.Fail(reason);
        return _underWay?.Hashes ?? [];
    }

    private async Task WriteAsync()
    {
        while (_next.Lines.Count > 0)
        {
            var batch = _underWay = _next;
            _next = new Batch();
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

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Fail(Exception reason)
        {
            Done.SetException(reason);

            // A batch without waiters fails unseen, which must not count as an unobserved exception.
            _ = Done.Task.Exception;
        }
    }
}
