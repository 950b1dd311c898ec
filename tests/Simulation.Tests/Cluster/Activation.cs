using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;
using Microsoft.Extensions.Logging;

namespace LlmTr.Simulation.Tests.Cluster;

/// <summary>What <c>ApiKeyGrain</c> is in production: it hosts the real <see cref="DurableAccount"/>, and goes once that has seen another writer.</summary>
internal sealed class Activation : ILogger
{
    private readonly DurableAccount _account;
    private readonly Oracle _oracle;

    public Activation(string key, Node node, ILedgerStore store, Oracle oracle, int snapshotEvery)
    {
        (Key, Node, _oracle) = (key, node, oracle);
        _account = new DurableAccount(key, store, node.Clock, new AccountOptions { SnapshotEvery = snapshotEvery }, this);
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
