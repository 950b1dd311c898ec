using LlmTr.Grains.Abstractions;
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
public sealed partial class DurableAccount(string name, ILedgerStore store, TimeProvider clock, AccountOptions options, ILogger logger)
{
    private readonly List<LedgerEntry> _decided = [];

    // Lines of appends that failed and may land yet; met again in the ledger, they are ours.
    private readonly HashSet<string> _perhapsSent = new(StringComparer.Ordinal);

    // Both or neither: the account in memory and the way into its ledger.
    private KeyAccount? _account;
    private Journal? _journal;

    // Shared by all who come while the ledger is being read.
    private Task? _loading;

    // The last entry known to be in the ledger; null before the first load.
    private long? _durableSeq;

    /// <summary>True once the ledger held an entry that this host did not send: another one is alive, and this one should go.</summary>
    public bool SawAnotherWriter { get; private set; }

    /// <summary>Decides, and answers when everything that the answer rests on is durable.</summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read or written; the outcome is unknown.</exception>
    /// <exception cref="ArgumentException">The command contradicts itself; nothing has changed.</exception>
    public async Task<TReply> Execute<TCommand, TReply>(TCommand command, Decision<TCommand, TReply> decide)
    {
        while (_account is null)
        {
            if (_loading is null || _loading.IsCompleted)
                _loading = LoadAsync();
            await _loading;
        }

        var account = _account;
        var now = Now(account);

        // What a decision left behind that threw half way was never decided.
        _decided.Clear();
        while (account.ExpireNextHold(now, _decided))
            TakeIn(account);
        var reply = decide(account, command, now, _decided);
        TakeIn(account);
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
            var lines = await store.ReadAsync(name, fromSeq, limit, cancellation).WaitAsync(options.LoadTimeout, clock, cancellation);
            var next = fromSeq + lines.Count;
            return new LedgerPage { Lines = lines, NextSeq = lines.Count == limit && next <= _durableSeq ? next : null };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Unavailable(exception);
        }
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
                _journal!.Add(entry);
            }
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
        var journal = _journal!;
        (_account, _journal) = (null, null);
        foreach (var hash in journal.Abandon(Unavailable(exception)))
            _perhapsSent.Add(hash);
    }

    private async Task LoadAsync()
    {
        try
        {
            var stored = await store.LoadAsync(name, CancellationToken.None).WaitAsync(options.LoadTimeout, clock);
            var account = new KeyAccount();
            var hash = LedgerLine.GenesisHash;
            foreach (var line in stored.Lines)
            {
                var entry = LedgerLine.Decode(line);
                if (entry.Prev != hash)
                    throw new LedgerBrokenException($"Entry {entry.Seq} does not name the line before it.");
                account.Apply(entry);
                hash = LedgerLine.Hash(line);
                if (entry.Seq > _durableSeq && !_perhapsSent.Contains(hash))
                    SawAnotherWriter = true;
            }

            if (account.Seq < _durableSeq)
                throw new LedgerBrokenException($"The ledger ends at entry {account.Seq}, yet entry {_durableSeq} was durable.");
            _durableSeq = account.Seq;
            _journal = new Journal(name, store, stored.Position, hash, clock, options.AppendTimeout)
            {
                Written = OnWritten,
                Failed = Drop,
            };
            _account = account;
        }
        catch (Exception exception)
        {
            LogNotLoaded(logger, name, exception);
            throw Unavailable(exception);
        }
    }

    private void OnWritten(int lines)
    {
        _durableSeq += lines;

        // What was sent before at this position can no longer land: the fence has moved past it.
        _perhapsSent.Clear();
    }

    private static AccountUnavailableException Unavailable(Exception exception) => new(
        $"The account's ledger cannot be used now ({exception.GetType().Name}). Repeat the command with the same id.");

    [LoggerMessage(LogLevel.Warning, "Account {Account}: an append failed or its outcome is unknown; the ledger is read again.")]
    private static partial void LogDropped(ILogger logger, string account, Exception exception);

    [LoggerMessage(LogLevel.Error, "Account {Account}: the ledger could not be loaded.")]
    private static partial void LogNotLoaded(ILogger logger, string account, Exception exception);
}
