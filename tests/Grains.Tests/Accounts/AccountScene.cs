using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>
/// An issued account with a clock that the test sets and the ledger that its commands make. Hosts the account as a grain does, but for durability:
/// expire, decide, apply.
/// </summary>
internal sealed class AccountScene
{
    public static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly SecretHash Secret = SecretHash.Of("the secret"u8);
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly List<LedgerEntry> _ledger = [];
    private int _ids;

    public AccountScene(long credit)
    {
        Do((account, now, entries) => account.Issue(
            new IssueKey { Secret = Secret, Prefix = "llmtr-abcdef", Label = "a label", Credit = new UsdTicks(credit), Actor = "tests" }, now, entries));
    }

    public KeyAccount Account { get; } = new();

    public IReadOnlyList<LedgerEntry> Ledger => _ledger;

    public DateTimeOffset Now { get; set; } = Start;

    public static RequestFacts Facts { get; } = new()
    {
        InputTokens = 11,
        CachedTokens = 3,
        OutputTokens = 7,
        ReasoningTokens = 5,
        StatusCode = 200,
        LatencyMs = 1234,
    };

    public RequestId NewId() => RequestIds.Make(Now, ++_ids);

    /// <summary>An open hold of exactly this amount.</summary>
    public RequestId Hold(long amount)
    {
        var id = NewId();
        Place(id, amount, amount).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        return id;
    }

    public PlaceHoldReply Place(RequestId id, long least, long most, int divisor = 1, TimeSpan? lifetime = null, SecretHash? secret = null) =>
        Do((account, now, entries) => account.PlaceHold(Command(id, least, most, divisor, lifetime, secret), now, entries));

    public SettleReply Settle(RequestId id, long cost) => Do((account, now, entries) => account.Settle(Charge(id, cost), now, entries));

    public EndHoldOutcome Release(RequestId id) => Do((account, now, entries) => account.Release(Freeing(id), now, entries));

    public EndHoldOutcome Report(RequestId id) => Do((account, now, entries) => account.ReportUnreconciled(Losing(id), now, entries));

    public OperatorOutcome Credit(string id, long amount) => Do((account, now, entries) => account.Credit(Payment(id, amount), now, entries));

    public static PlaceHold Command(RequestId id, long least, long most, int divisor = 1, TimeSpan? lifetime = null, SecretHash? secret = null) => new()
    {
        Id = id,
        Secret = secret ?? Secret,
        Least = new UsdTicks(least),
        Most = new UsdTicks(most),
        AvailableDivisor = divisor,
        Lifetime = lifetime ?? Lifetime,
        Model = "xai/grok-4.3",
        Endpoint = "/v1/responses",
    };

    public static Settle Charge(RequestId id, long cost) => new() { Id = id, Cost = new UsdTicks(cost), Source = CostSource.Provider, Facts = Facts };

    public static Release Freeing(RequestId id) => new() { Id = id, Reason = "refused by xAI", StatusCode = 400, LatencyMs = 12 };

    public static ReportUnreconciled Losing(RequestId id) => new() { Id = id, Reason = "connection lost", StatusCode = 502, LatencyMs = 34 };

    public static Credit Payment(string id, long amount) =>
        new() { CreditId = id, Amount = new UsdTicks(amount), Reference = "invoice 7", Note = "a note", Actor = "tests" };

    public T Do<T>(Func<KeyAccount, DateTimeOffset, ICollection<LedgerEntry>, T> decide)
    {
        // As every host does: time never runs behind the ledger.
        var now = Now > Account.LastEntryAt ? Now : Account.LastEntryAt;
        var entries = new List<LedgerEntry>();
        while (Account.ExpireNextHold(now, entries))
            TakeIn(entries);

        var before = Account.View();
        var reply = decide(Account, now, entries);

        // Plain, as random tests come by here millions of times.
        if (!Equals(Account.View(), before))
            throw new InvalidOperationException("A command decides and changes nothing.");
        TakeIn(entries);
        return reply;
    }

    private void TakeIn(List<LedgerEntry> entries)
    {
        foreach (var entry in entries)
        {
            Account.Apply(entry);
            _ledger.Add(entry);
        }

        entries.Clear();
    }
}
