using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using Microsoft.Extensions.Logging;

namespace LlmTr.Grains.Snapshots;

/// <summary>
/// Cuts snapshots of an account from memory, which runs ahead of the ledger: each is kept back until its last entry is durable, and dropped with the memory when an append fails.
/// Saves one at a time, and nobody waits for it.
/// </summary>
/// <param name="account">Whose.</param>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">Ends a save that takes too long.</param>
/// <param name="options">Say how many entries lie between two at least.</param>
/// <param name="logger">Told when one could not be saved.</param>
internal sealed partial class SnapshotCuts(string account, ILedgerStore store, TimeProvider clock, AccountOptions options, ILogger logger)
{
    // A snapshot takes about as many bytes for this many ended holds as a ledger does for one line: writing both costs twice the ledger at most.
    private const int StatePerEntry = 8;

    // A save that never ends must not be the last one of its account. Far more than the largest snapshot takes.
    private static readonly TimeSpan MostToSave = TimeSpan.FromMinutes(1);

    private LedgerSnapshot? _cut;
    private long _lastSeq;
    private bool _saving;

    /// <summary>Counts entries from this one on: the account was loaded with a snapshot of it, or with none (0).</summary>
    public void BeginAt(long seq) => _lastSeq = seq;

    /// <summary>Cuts a snapshot where it is time for one.</summary>
    /// <param name="current">The account after its last entry, between two commands.</param>
    /// <param name="hash">The hash of that entry's line.</param>
    public void Cut(KeyAccount current, LineHash hash)
    {
        if (_cut is not null || _saving || current.Seq - _lastSeq < Math.Max(options.SnapshotEvery, current.StateSize / StatePerEntry))
            return;
        _cut = new LedgerSnapshot(current.Capture(), hash);
        _lastSeq = current.Seq;
    }

    /// <summary>Begins to save what was cut, if all of it is in the ledger now.</summary>
    public void SaveUpTo(long durableSeq)
    {
        if (_cut is not { } snapshot || snapshot.Seq > durableSeq)
            return;
        _cut = null;
        _saving = true;
        _ = SaveAsync(snapshot);
    }

    /// <summary>Forgets what was cut and is not durable.</summary>
    public void Drop() => _cut = null;

    private async Task SaveAsync(LedgerSnapshot snapshot)
    {
        try
        {
            // Given up, it may yet be saved behind a later one: an older snapshot is as true, and leaves more to read.
            await store.SaveSnapshotAsync(account, snapshot, CancellationToken.None).WaitAsync(MostToSave, clock);
        }
        catch (Exception exception)
        {
            LogSnapshotNotSaved(logger, account, exception);
        }
        finally
        {
            _saving = false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Account {Account}: a snapshot could not be saved. The ledger is whole; the next start of the account takes longer.")]
    private static partial void LogSnapshotNotSaved(ILogger logger, string account, Exception exception);
}
