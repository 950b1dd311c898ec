using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Snapshots;
using LlmTr.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmTr.Grains.Accounts;

/// <summary>Decides about a command: a method of <see cref="KeyAccount"/>.</summary>
public delegate TReply Decision<in TCommand, out TReply>(KeyAccount account, TCommand command, DateTimeOffset now, ICollection<LedgerEntry> entries);

/// <summary>
/// A <see cref="KeyAccount"/> whose answers wait until what they say is in the ledger.
/// <code>
/// command ─► decide and apply in memory ─► line joins the journal's next batch ─► append ─► answer
/// </code>
/// When an append fails or does not answer in time its outcome is unknown: every waiter fails, account and journal are dropped and the ledger is
/// read again, in place. Not thread-safe: its host (a grain, or a test's scheduler) runs one thing at a time between awaits.
/// </summary>
public sealed partial class DurableAccount(
    string name, ILedgerStore store, TimeProvider clock, AccountOptions options, ILogger logger, AccountMetrics? metrics = null)
{
    // An outage of hours must not fill the memory. A line that is forgotten and lands after all counts as another's: the host goes, which harms nobody.
    private const int MostRemembered = 10_000;

    private readonly List<LedgerEntry> _decided = [];

    private readonly SnapshotCuts _snapshots = new(name, store, clock, options, logger);

    private readonly HoldsOfAccount? _holds = metrics?.Enter();

    // Lines of appends that failed and may land yet; met again in the ledger, they are ours.
    private readonly HashSet<LineHash> _perhapsSent = [];

    // Both or neither: the account in memory and the way into its ledger.
    private KeyAccount? _account;
    private Journal? _journal;

    // Shared by all who come while the ledger is being read.
    private Task? _loading;

    // The last entry known to be in the ledger; null before the first load.
    private long? _durableSeq;

    /// <summary>True once the ledger held an entry that this host did not send: another one is alive, and this one should go.</summary>
    public bool SawAnotherWriter { get; private set; }

    /// <summary>
    /// Decides, and answers when everything that the answer rests on is durable. An answer that writes nothing (a repeat, a refusal) meets no fence, so
    /// the ledger is asked whether another host has written since: a stale one must not tell a settlement that its hold is unknown.
    /// </summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read or written; the outcome is unknown.</exception>
    /// <exception cref="ArgumentException">The command contradicts itself; nothing has changed.</exception>
    public async Task<TReply> Execute<TCommand, TReply>(TCommand command, Decision<TCommand, TReply> decide)
    {
        while (true)
        {
            while (_account is null)
                await Reload();

            var journal = _journal!;
            var reply = Decide(_account, command, decide);

            // Only an append that begins from now on proves by its fence that this answer is not behind.
            var meetsTheFence = journal.HasUnsent;
            await journal.Flush();
            if (meetsTheFence || await IsCurrent(journal))
                return reply;
        }
    }

    /// <summary>
    /// Looks at the account and answers when everything seen is durable. What another host has written since may be missing: that is no harm where
    /// nothing is decided, and spares the ledger a read at every authentication.
    /// </summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read or written.</exception>
    public async Task<TReply> Read<TArgument, TReply>(TArgument argument, Decision<TArgument, TReply> look)
    {
        while (_account is null)
            await Reload();

        var reply = Decide(_account, argument, look);
        await _journal!.Flush();
        return reply;
    }

    /// <summary>Reads lines of the ledger, once everything decided before is in it.</summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read.</exception>
    public async Task<LedgerPage> ReadLedger(long fromSeq, int limit, CancellationToken cancellation)
    {
        // A command that decides nothing brings the account up to the moment: holds past their deadline show as expired.
        await Execute(0, static (_, _, _, _) => 0);
        try
        {
            var lines = await store.ReadAsync(name, fromSeq, limit, cancellation).WaitAsync(options.ReadTimeout, clock, cancellation);
            var next = fromSeq + lines.Count;
            return new LedgerPage { Lines = lines, NextSeq = lines.Count == limit && next <= _durableSeq ? next : null };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>Told when its host goes: the account is in memory no longer.</summary>
    public void Leave()
    {
        if (_holds is not null)
            metrics?.Leave(_holds);
    }

    private TReply Decide<TCommand, TReply>(KeyAccount account, TCommand command, Decision<TCommand, TReply> decide)
    {
        var now = Now(account);

        // What a decision left behind that threw half way was never decided.
        _decided.Clear();
        while (account.ExpireNextHold(now, _decided))
            TakeIn(account);
        var reply = decide(account, command, now, _decided);
        TakeIn(account);
        _snapshots.Cut(account, _journal!.LastHash);
        return reply;
    }

    // True when the ledger ends where the account in memory does, or has grown by this host's own entries only.
    private async Task<bool> IsCurrent(Journal journal)
    {
        if (_journal != journal)
            return false;
        var seq = _durableSeq!.Value;
        IReadOnlyList<byte[]> newer;
        try
        {
            newer = await store.ReadAsync(name, seq + 1, limit: 1, CancellationToken.None).WaitAsync(options.ReadTimeout, clock);
        }
        catch (Exception exception)
        {
            throw Unavailable(exception);
        }

        if (newer.Count == 0)
            return true;
        if (_journal != journal)
            return false;

        // An append of this host's that has succeeded meanwhile, or does so now, has met the fence.
        await journal.Flush();
        if (_durableSeq > seq)
            return true;
        Drop(new LedgerConflictException());
        return false;
    }

    // Time in a ledger never runs backwards, whatever the clock does; whole milliseconds, because that is what a line holds.
    private DateTimeOffset Now(KeyAccount account)
    {
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        return now > account.LastEntryAt ? now : account.LastEntryAt;
    }

    private void TakeIn(KeyAccount account)
    {
        try
        {
            foreach (var entry in _decided)
            {
                account.Apply(entry);
                _holds?.Take(entry, account);
            }

            _journal!.Add(_decided);
        }
        catch (Exception exception)
        {
            // Memory may be half changed: only what is durable can be trusted.
            Drop(exception);
            throw Unavailable(exception);
        }
        finally
        {
            _decided.Clear();
        }
    }

    private void Drop(Exception exception)
    {
        LogDropped(logger, name, exception);
        metrics?.Dropped(exception);
        var journal = _journal!;
        (_account, _journal) = (null, null);
        _snapshots.Drop();
        if (_perhapsSent.Count >= MostRemembered)
            _perhapsSent.Clear();
        foreach (var hash in journal.Abandon(Unavailable(exception)))
            _perhapsSent.Add(hash);
    }

    private Task Reload() => _loading is null || _loading.IsCompleted ? _loading = LoadAsync() : _loading;

    private async Task LoadAsync()
    {
        try
        {
            var stored = await store.LoadAsync(name, CancellationToken.None).WaitAsync(options.LoadTimeout, clock);
            var replay = await ReplayAsync(stored);
            var account = replay.Account;
            if (account.Seq < _durableSeq)
                throw new LedgerBrokenException($"The ledger ends at entry {account.Seq}, yet entry {_durableSeq} was durable.");
            _durableSeq = account.Seq;
            _journal = new Journal(name, store, stored.Position, replay.Hash, clock, options.AppendTimeout)
            {
                Written = OnWritten,
                Failed = Drop,
            };
            _account = account;
            _holds?.Begin(account);
            metrics?.Loaded(succeeded: true);
        }
        catch (Exception exception)
        {
            LogNotLoaded(logger, name, exception);
            metrics?.Loaded(succeeded: false);
            throw Unavailable(exception);
        }
    }

    private void OnWritten(IReadOnlyList<LedgerEntry> entries)
    {
        _durableSeq += entries.Count;
        for (var i = 0; metrics is not null && i < entries.Count; i++)
            metrics.Written(entries[i]);
        _snapshots.SaveUpTo(_durableSeq!.Value);

        // What was sent before at this position can no longer land: the fence has moved past it.
        _perhapsSent.Clear();
    }

    private static AccountUnavailableException Unavailable(Exception exception) => new(
        $"The account's ledger cannot be used now ({exception.GetType().Name}). Repeat the command with the same id.");

    [LoggerMessage(LogLevel.Warning, "Account {Account}: memory and ledger may differ, as an append failed or another host wrote; the ledger is read again.")]
    private static partial void LogDropped(ILogger logger, string account, Exception exception);

    [LoggerMessage(LogLevel.Error, "Account {Account}: the ledger could not be loaded.")]
    private static partial void LogNotLoaded(ILogger logger, string account, Exception exception);
}
