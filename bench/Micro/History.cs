using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Micro;

/// <summary>An account in a time of its own: a second passes between two requests, so that what it remembers for minutes stays as small as it is in practice.</summary>
internal sealed class History : TimeProvider
{
    private static readonly SecretHash _secret = SecretHash.Of("secret"u8);
    private readonly KeyAccount _account = new();
    private DateTimeOffset _now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private int _applied;

    public History()
    {
        _account.Issue(
            new IssueKey { Secret = _secret, Prefix = "llmtr-abcdef", Label = "measured", Credit = UsdTicks.FromUsd(1_000_000), Actor = "measurement" }, _now, Entries);
        Apply();
    }

    /// <summary>What the last request wrote; before it, the key's issue.</summary>
    public List<LedgerEntry> Entries { get; } = [];

    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>One request: its hold and its settlement.</summary>
    public void HoldAndSettle()
    {
        Entries.Clear();
        _applied = 0;
        _now += TimeSpan.FromSeconds(1);
        var id = RequestId.New(this);
        var held = _account.PlaceHold(
            new PlaceHold
            {
                Id = id,
                Secret = _secret,
                Least = new UsdTicks(6_000_000),
                Most = new UsdTicks(6_000_000),
                AvailableDivisor = 1,
                Lifetime = TimeSpan.FromMinutes(65),
                Model = "xai/grok-4.3",
                Endpoint = "/v1/responses",
            },
            _now,
            Entries);
        Apply();
        var settled = _account.Settle(
            new Settle
            {
                Id = id,
                Cost = new UsdTicks(5_000),
                Source = CostSource.Provider,
                Facts = new RequestFacts { InputTokens = 200, CachedTokens = 64, OutputTokens = 4, ReasoningTokens = 0, StatusCode = 200, LatencyMs = 12 },
            },
            _now,
            Entries);
        Apply();
        if (held.Outcome != PlaceHoldOutcome.Granted || settled.Outcome != SettleOutcome.Settled)
            throw new InvalidOperationException($"{held.Outcome}, {settled.Outcome}");
    }

    private void Apply()
    {
        while (_applied < Entries.Count)
            _account.Apply(Entries[_applied++]);
    }
}
