using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;
using LlmTr.Simulation.Tests.Storage;
using Microsoft.Extensions.Logging;

namespace LlmTr.Simulation.Tests.Cluster;

/// <summary>What <c>ApiKeyGrain</c> is in production: it hosts the real <see cref="DurableAccount"/>, and goes once that has seen another writer.</summary>
internal sealed class Activation : ILogger
{
    private readonly DurableAccount _account;
    private readonly Oracle _oracle;
    private readonly LedgersOfOneWriter _store;

    // Up to there no line tells of another writer who is alive: before the first answer it may have been read at the first load, and later it was looked at.
    private long? _known;

    public Activation(string key, Node node, LedgersOfOneWriter store, Oracle oracle, int snapshotEvery)
    {
        (Key, Node, _oracle, _store) = (key, node, oracle, store);
        _account = new DurableAccount(key, _store, node.Clock, new AccountOptions { SnapshotEvery = snapshotEvery }, this);
    }

    public string Key { get; }

    public Node Node { get; }

    /// <summary>Calls that have not been answered yet.</summary>
    public int Running { get; private set; }

    /// <summary>True once it takes no new calls; those that are under way go on.</summary>
    public bool IsLeaving { get; set; }

    public async Task<TReply> Execute<TCommand, TReply>(TCommand command, Decision<TCommand, TReply> decide)
    {
        var since = _oracle.Book(Key).Seq;
        DateTimeOffset? asked = command is string ? null : Node.Clock.GetUtcNow();
        Running++;
        try
        {
            // A command that reads is one without a body.
            var reply = command is string ? await _account.Read(command, decide) : await _account.Execute(command, decide);
            _oracle.Answered(Key, command!, reply, since, asked);

            // A decision rests on all that was durable when it was asked for, so what others wrote before has been met.
            if (command is not string && _known < since)
            {
                _oracle.Findings.Require(_account.SawAnotherWriter || !_store.HasLinesOfOthers(_known.Value + 1, since), Law.OneWriter, $"{Key} at {Node.Name} answers and stays");
                _known = since;
            }

            _known ??= _oracle.Book(Key).Seq;
            return reply;
        }
        catch (Exception exception) when (exception is not AccountUnavailableException)
        {
            _oracle.Findings.Require(false, Law.Truth, $"a command ended in {exception}");
            throw;
        }
        finally
        {
            Running--;
            if (_account.SawAnotherWriter && !IsLeaving)
            {
                IsLeaving = true;
                _oracle.Findings.Saw("activation saw another writer and left");
                _oracle.Findings.Require(_store.HasLinesOfOthers(1, _oracle.Book(Key).Seq) || _store.MetSnapshotOfAnother, Law.OneWriter, $"{Key} at {Node.Name} leaves, and every line is its own");
            }
        }
    }

    // The account says in its log alone that it found a ledger it cannot follow; the caller only hears that it is unavailable.
    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var findings = _oracle.Findings;
        findings.Tell(Node.Scheduler.Now, $"{Node.Name}: {formatter(state, exception)} ({exception?.GetType().Name})");
        if (eventId.Name == "LogSnapshotNotSaved")
        {
            findings.Saw("snapshot not saved");
            return;
        }

        if (eventId.Name == "LogSnapshotIgnored")
        {
            findings.Saw("snapshot passed over");
            findings.Require(
                findings.Seen["snapshot passed over"] <= findings.Seen.GetValueOrDefault("snapshot loaded that must not be believed"), Law.GoodSnapshotUsed, $"{Key} at {Node.Name}");
            return;
        }

        findings.Saw($"account dropped or not loaded: {exception?.GetType().Name}");
        findings.Require(exception is IOException or TimeoutException or LedgerConflictException, Law.ReadAsWritten, $"{Key} at {Node.Name}: {exception}");
    }

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;
}
