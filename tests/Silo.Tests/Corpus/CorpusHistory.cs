using System.Buffers.Binary;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Snapshots;
using LlmTr.Money;

namespace LlmTr.Silo.Tests.Corpus;

/// <summary>A key's life with every kind of entry in it, the same each time, and a snapshot from its middle.</summary>
internal sealed class CorpusHistory
{
    private static readonly SecretHash Secret = SecretHash.Of("the first secret"u8);

    private readonly List<LedgerEntry> _decided = [];
    private readonly List<byte[]> _lines = [];
    private LineHash _hash = LineHash.Genesis;
    private DateTimeOffset _now = new(2026, 11, 23, 4, 5, 6, 789, TimeSpan.Zero);
    private int _ids;

    public CorpusHistory()
    {
        Do((account, now, entries) => account.Issue(
            new IssueKey { Secret = Secret, Prefix = "llmtr-abcdef", Label = "ğ \"Müşteri\" 😀", Credit = new UsdTicks(50_000_000_000), Actor = "admin", Reason = "new" }, now, entries));
        BeforeSnapshot();
        Snapshot = new LedgerSnapshot(Account.Capture(), _hash).Encode();
        AfterSnapshot();
    }

    public KeyAccount Account { get; } = new();

    public IReadOnlyList<byte[]> Lines => _lines;

    /// <summary>As it is stored; of an entry in the middle of <see cref="Lines"/>.</summary>
    public byte[] Snapshot { get; }

    private void BeforeSnapshot()
    {
        var limits = new KeyLimits
        {
            RequestsPerMinute = 100,
            TokensPerMinute = 2_000_000,
            MaxConcurrent = 50,
            Models = ["xai/grok-4.3", "xai/grok-imagine-video"],
            Budget = new KeyBudget { Amount = new UsdTicks(900_000_000_000), Period = BudgetPeriod.Month },
        };
        Do((account, now, entries) => account.Credit(new Credit { CreditId = "order-1", Amount = new UsdTicks(70_000_000_001), Reference = "invoice 7", Note = "paid\nlate", Actor = "admin" }, now, entries));
        Do((account, now, entries) => account.Debit(new Debit { DebitId = "refund-1", Amount = new UsdTicks(3), Reference = "refund", Note = "n", Actor = "admin" }, now, entries));
        Do((account, now, entries) => account.ChangeSettings(
            new ChangeSettings { Label = "renamed", Limits = limits, ExpiresAt = now.AddYears(5), Actor = "admin", Reason = "upgrade", ChangeId = NewId() }, now, entries));
        Do((account, now, entries) => account.Rotate(new RotateKey { Secret = SecretHash.Of("the second secret"u8), Grace = TimeSpan.FromDays(1), Actor = "admin", Reason = "yearly" }, now, entries));

        Settle(Hold(5_000_000), 3_206_000);
        Release(Hold(7_000_000));
        Report(Hold(2_500_000_000));
        Settle(Report(Hold(11_000_000)), 9_000_000);
        Waive(Report(Hold(12_000_000)));
        Expire(Hold(13_000_000));
        Release(NewId());
        Hold(17_000_000);
        Hold(19_000_000);
    }

    private void AfterSnapshot()
    {
        var late = Hold(1_000_000);
        Settle(Hold(Account.Available.Value), 1_000_000_000_000);
        Settle(late, 23);
        Do((account, now, entries) => account.ChangeSettings(new ChangeSettings { Disabled = true, Actor = "admin" }, now, entries));
        Do((account, now, entries) => account.Revoke(new RevokeKey { Reason = "gone", Actor = "admin" }, now, entries));
    }

    private RequestId Hold(long amount)
    {
        var hold = new PlaceHold
        {
            Id = NewId(),
            Secret = Secret,
            Least = new UsdTicks(amount),
            Most = new UsdTicks(amount),
            AvailableDivisor = 1,
            Lifetime = TimeSpan.FromMinutes(1),
            Model = "xai/grok-4.3",
            Endpoint = "/v1/responses",
            LeastTokens = 300,
            MostTokens = 300,
            IdempotencyKey = Fingerprint.Of(BitConverter.GetBytes(_ids)),
            Body = Fingerprint.Of("a body"u8),
        };
        Do((account, now, entries) => account.PlaceHold(hold, now, entries)).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        return hold.Id;
    }

    private void Settle(RequestId id, long cost)
    {
        var facts = new RequestFacts { InputTokens = 211, CachedTokens = 128, OutputTokens = 77, ReasoningTokens = 55, StatusCode = 200, LatencyMs = 1234 };
        Do((account, now, entries) => account.Settle(new Settle { Id = id, Cost = new UsdTicks(cost), Source = CostSource.Provider, Facts = facts }, now, entries));
    }

    private void Release(RequestId id) =>
        Do((account, now, entries) => account.Release(new Release { Id = id, Reason = "refused by xAI", StatusCode = 400, LatencyMs = 12 }, now, entries));

    private RequestId Report(RequestId id)
    {
        Do((account, now, entries) => account.ReportUnreconciled(new ReportUnreconciled { Id = id, Reason = "connection lost", StatusCode = 502, LatencyMs = 34 }, now, entries));
        return id;
    }

    private void Waive(RequestId id) => Do((account, now, entries) => account.ResolveCase(new ResolveCase { Id = id, Note = "never came", Actor = "admin" }, now, entries));

    private void Expire(RequestId id)
    {
        _now += TimeSpan.FromMinutes(2);
        Do((account, now, entries) => account.ExpireNextHold(now, entries)).Should().BeTrue($"{id} is past its deadline");
    }

    private RequestId NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, _now.ToUnixTimeMilliseconds() << 16);
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], ++_ids);
        return new RequestId(new Guid(bytes, bigEndian: true));
    }

    private TReply Do<TReply>(Func<KeyAccount, DateTimeOffset, ICollection<LedgerEntry>, TReply> decide)
    {
        _now += TimeSpan.FromMilliseconds(7);
        _decided.Clear();
        var reply = decide(Account, _now, _decided);
        foreach (var entry in _decided)
        {
            Account.Apply(entry);
            _lines.Add(LedgerLine.Encode(entry, _hash.ToString()));
            _hash = LineHash.Of(_lines[^1]);
        }

        return reply;
    }
}
