using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Tests.Accounts;
using LlmTr.Money;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>Hosts of one account over a scripted store, on one thread and a clock that stands until it is moved.</summary>
internal sealed class DurableScene
{
    public const string Account = "key-1";

    private readonly Turns _turns = new();
    private int _ids;

    /// <param name="credit">The balance; null for a key that is not issued yet.</param>
    public DurableScene(long? credit = 1000)
    {
        Host = NewHost();
        if (credit is { } ticks)
            Told(Issue(Host, ticks));
    }

    public ScriptedLedgerStore Store { get; } = new();

    public FakeTimeProvider Clock { get; } = new(AccountScene.Start);

    public AccountOptions Options { get; } = new();

    public DurableAccount Host { get; }

    public IReadOnlyList<byte[]> Lines => Store.Lines(Account);

    public IEnumerable<LedgerEntryKind> Kinds => Lines.Select(static line => LedgerLine.Decode(line).Kind);

    public PendingAppend LastAppend => Store.Appends[^1];

    /// <summary>Adds the ledger up from its stored lines, chain of hashes included.</summary>
    public LedgerAudit Audit => LedgerAudit.Of(Lines);

    public DurableAccount NewHost() => new(Account, Store, Clock, Options, NullLogger.Instance);

    public RequestId NewId() => RequestIds.Make(Clock.GetUtcNow(), ++_ids);

    public void Do(Action action) => _turns.Run(action);

    public void Advance(TimeSpan by) => _turns.Run(() => Clock.Advance(by));

    /// <summary>Past the time after which an append's outcome counts as unknown.</summary>
    public void LetTheAppendTimeOut() => Advance(Options.AppendTimeout);

    public Task<T> Send<TCommand, T>(DurableAccount host, TCommand command, Decision<TCommand, T> decide) => _turns.Run(() => host.Execute(command, decide));

    public Task<OperatorOutcome> Issue(DurableAccount host, long credit) => Send(
        host,
        new IssueKey { Secret = AccountScene.Secret, Prefix = "llmtr-abcdef", Label = "a label", Credit = new UsdTicks(credit), Actor = "tests" },
        static (account, command, now, entries) => account.Issue(command, now, entries));

    public Task<PlaceHoldReply> Place(RequestId id, long amount, DurableAccount? host = null, TimeSpan? lifetime = null) => Send(
        host ?? Host, AccountScene.Command(id, amount, amount, lifetime: lifetime), static (account, command, now, entries) => account.PlaceHold(command, now, entries));

    public Task<SettleReply> Settle(RequestId id, long cost, DurableAccount? host = null) =>
        Send(host ?? Host, AccountScene.Charge(id, cost), static (account, command, now, entries) => account.Settle(command, now, entries));

    public Task<EndHoldOutcome> Release(RequestId id, DurableAccount? host = null) =>
        Send(host ?? Host, AccountScene.Freeing(id), static (account, command, now, entries) => account.Release(command, now, entries));

    public Task<OperatorOutcome> Credit(string id, long amount, DurableAccount? host = null) =>
        Send(host ?? Host, AccountScene.Payment(id, amount), static (account, command, now, entries) => account.Credit(command, now, entries));

    public Task<AccountView?> Read(DurableAccount? host = null) =>
        _turns.Run(() => (host ?? Host).Read(0, static (account, _, _, _) => account.View()));

    public Task<LedgerPage> ReadLedger(long fromSeq, int limit, DurableAccount? host = null) =>
        _turns.Run(() => (host ?? Host).ReadLedger(fromSeq, limit, CancellationToken.None));

    /// <summary>What the caller has been told; a test failure if it still waits or was refused.</summary>
    public static T Told<T>(Task<T> answer)
    {
        answer.IsCompletedSuccessfully.Should().BeTrue("the caller must have been told (status {0}, {1})", answer.Status, answer.Exception?.InnerException?.Message);
        return answer.GetAwaiter().GetResult();
    }

    /// <summary>A hold that is durable.</summary>
    public RequestId Hold(long amount, DurableAccount? host = null, TimeSpan? lifetime = null)
    {
        var id = NewId();
        Told(Place(id, amount, host, lifetime)).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        return id;
    }

    /// <summary>The caller was told that the outcome is unknown, and nothing else.</summary>
    public static void ToldUnknown(params Task[] answers)
    {
        foreach (var answer in answers)
        {
            answer.IsFaulted.Should().BeTrue("the caller must have been told that the outcome is unknown (status {0})", answer.Status);
            answer.Exception!.InnerException.Should().BeOfType<AccountUnavailableException>();
        }
    }

    public static void StillWaiting(params Task[] answers) =>
        answers.Should().OnlyContain(static answer => !answer.IsCompleted, "no answer may come before what it rests on is durable");
}
