using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Snapshots;
using LlmTr.Money;
using LlmTr.Silo.Sqlite;

namespace LlmTr.Silo.Tests.Measuring;

/// <summary>A key that does nothing but hold and settle, one request after the other, at a steady pace of its own clock.</summary>
internal sealed class SyntheticHistory(TimeSpan pace)
{
    public static readonly SecretHash Secret = SecretHash.Of("secret"u8);

    private const int LinesPerAppend = 500;

    private readonly List<LedgerEntry> _decided = [];

    // Whole milliseconds, as in a ledger.
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private RequestId _open;

    public KeyAccount Account { get; } = new();

    /// <summary>Entries, the first two of which issue the key.</summary>
    public IEnumerable<LedgerEntry> Entries(int count)
    {
        Account.Issue(new IssueKey { Secret = Secret, Prefix = "llmtr-abcdef", Label = "measured", Credit = UsdTicks.FromUsd(1_000_000), Actor = "measurement" }, _now, _decided);
        for (var made = 0; made < count;)
        {
            if (_decided.Count == 0)
                Request();
            foreach (var entry in _decided)
            {
                Account.Apply(entry);
                made++;
                yield return entry;
            }

            _decided.Clear();
        }
    }

    /// <summary>Writes a ledger whose last snapshot is as far behind as one may be.</summary>
    public static async Task WriteAsync(DataFolder folder, string account, int entries, TimeSpan spread, int snapshotEvery)
    {
        using var store = new SqliteLedgerStore(folder);
        await WriteAsync(store, account, entries, spread, snapshotEvery);
    }

    /// <summary>The same into any store.</summary>
    public static async Task WriteAsync(ILedgerStore store, string account, int entries, TimeSpan spread, int snapshotEvery)
    {
        var pace = TimeSpan.FromTicks(spread.Ticks / entries * 2);
        var history = new SyntheticHistory(pace);
        var (hash, position, lines, cut) = (LineHash.Genesis, LedgerPosition.Start, new List<byte[]>(), false);
        foreach (var entry in history.Entries(entries))
        {
            lines.Add(LedgerLine.Encode(entry, hash.ToString()));
            hash = LineHash.Of(lines[^1]);
            var mayCut = !cut && entry.Seq > 2 && snapshotEvery < entries && entry.Seq + Math.Max(snapshotEvery, history.Account.StateSize / 8) >= entries;
            if (lines.Count < LinesPerAppend && entry.Seq < entries && !mayCut)
                continue;
            position = await store.AppendAsync(account, position, lines, CancellationToken.None);
            lines.Clear();
            if (!mayCut)
                continue;
            await store.SaveSnapshotAsync(account, new LedgerSnapshot(history.Account.Capture(), hash), CancellationToken.None);
            cut = true;
        }
    }

    // A request's hold, and at the next call its settlement.
    private void Request()
    {
        if (Account.OpenHoldCount > 0)
        {
            Account.Settle(
                new Settle
                {
                    Id = _open,
                    Cost = new UsdTicks(54_321),
                    Source = CostSource.Provider,
                    Facts = new RequestFacts { InputTokens = 1234, CachedTokens = 1000, OutputTokens = 567, ReasoningTokens = 89, StatusCode = 200, LatencyMs = 2345 },
                },
                Whole(_now),
                _decided);
            return;
        }

        _now += pace;
        _open = new RequestId(Guid.CreateVersion7(Whole(_now)));
        Account.PlaceHold(
            new PlaceHold
            {
                Id = _open,
                Secret = Secret,
                Least = new UsdTicks(1_000),
                Most = new UsdTicks(100_000),
                AvailableDivisor = 4,
                Lifetime = TimeSpan.FromMinutes(65),
                Model = "xai/grok-4.3",
                Endpoint = "/v1/responses",
            },
            Whole(_now),
            _decided);
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond));
}
