using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Telemetry;
using LlmTr.Grains.Tests.Durability;
using Microsoft.Extensions.Logging.Abstractions;
using static LlmTr.Grains.Tests.Durability.DurableScene;

namespace LlmTr.Grains.Tests.Telemetry;

/// <summary>Entries count once, when they are durable; open holds are those of the accounts in memory.</summary>
public sealed class AccountMetricTests : IDisposable
{
    private readonly DurableScene _scene = new(credit: 1000);
    private readonly HeardMeters _meters = new();
    private readonly AccountMetrics _metrics;
    private readonly DurableAccount _host;

    public AccountMetricTests()
    {
        _metrics = new AccountMetrics(_meters, _scene.Clock);
        _host = NewHost();
        Told(_scene.Read(_host));
    }

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Entries_AreCountedWhenTheyAreDurableAndNotBefore()
    {
        _scene.Store.HoldsAppends = true;
        var held = _scene.Place(_scene.NewId(), 60, _host);
        _meters.Now("llmtr.ledger.entries", "hold_placed").Should().Be(0);

        _scene.Do(_scene.LastAppend.Complete);

        Told(held);
        _meters.Now("llmtr.ledger.entries", "hold_placed").Should().Be(1);
    }

    [Fact]
    public void Settlement_IsCountedByItsSourceWithItsChargeAndItsOverrun()
    {
        var id = _scene.Hold(60, _host);

        Told(_scene.Settle(id, 1100, _host));

        _meters.Now("llmtr.settlements", "provider").Should().Be(1);
        _meters.Now("llmtr.charged.ticks", "provider").Should().Be(1000);
        _meters.Now("llmtr.overrun.ticks").Should().Be(100);
        _meters.Now("llmtr.ledger.entries", "overrun").Should().Be(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EntryOfAnAppendWhoseAnswerWasLost_IsCountedOnceWhenItIsFoundInTheLedger(bool hasLanded)
    {
        _scene.Store.HoldsAppends = true;
        var (id, append) = (_scene.NewId(), _scene.Store.Appends.Count);
        var first = _scene.Place(id, 60, _host);
        if (hasLanded)
            _scene.Store.Appends[append].Land();
        _scene.LetTheAppendTimeOut();
        ToldUnknown(first);
        _scene.Store.HoldsAppends = false;

        Told(_scene.Place(id, 60, _host)).Outcome.Should().Be(PlaceHoldOutcome.Granted);

        _meters.Now("llmtr.ledger.entries", "hold_placed").Should().Be(1);
        _meters.Now("llmtr.account.drops", "timeout").Should().Be(1);
        _meters.Now("llmtr.account.loads", "ok").Should().Be(2);
        _meters.Now("llmtr.holds.open").Should().Be(1);
    }

    [Fact]
    public void EntriesOfAnotherHost_AreNotCountedAgain()
    {
        var other = _scene.NewHost();
        var theirs = _scene.Hold(10, other);

        // Refused at first, since the other has written; then decided on what is true.
        ToldUnknown(_scene.Place(_scene.NewId(), 60, _host));
        Told(_scene.Settle(theirs, 5, _host)).Outcome.Should().Be(SettleOutcome.Settled);

        _meters.Now("llmtr.ledger.entries", "hold_placed").Should().Be(0);
        _meters.Now("llmtr.ledger.entries", "hold_settled").Should().Be(1);
        _meters.Now("llmtr.account.drops", "conflict").Should().Be(1);
    }

    [Fact]
    public void OldestHold_IsTheOldestThatIsStillOpen_WhateverTheOrderOfEnds()
    {
        var first = _scene.Hold(10, _host, TimeSpan.FromDays(1));
        _scene.Advance(TimeSpan.FromSeconds(10));
        var second = _scene.Hold(10, _host);
        _scene.Advance(TimeSpan.FromSeconds(5));
        var third = _scene.Hold(10, _host);

        _meters.Now("llmtr.hold.oldest.age").Should().Be(15);
        Told(_scene.Settle(second, 1, _host));
        _meters.Now("llmtr.hold.oldest.age").Should().Be(15);
        Told(_scene.Settle(first, 1, _host));
        _meters.Now("llmtr.hold.oldest.age").Should().Be(0);
        _meters.Now("llmtr.holds.open").Should().Be(1);
        Told(_scene.Release(third, _host));
        _meters.Now("llmtr.holds.open").Should().Be(0);
    }

    [Fact]
    public void OldestHold_BehindThousandsThatEnded_IsFoundAgainAfterALoad()
    {
        _scene.Hold(1, _host, TimeSpan.FromDays(1));
        for (var i = 0; i < 1000; i++)
            Told(_scene.Release(_scene.Hold(1, _host), _host));
        _scene.Advance(TimeSpan.FromSeconds(30));

        _meters.Now("llmtr.hold.oldest.age").Should().Be(30);
        _host.Leave();
        _meters.Now("llmtr.holds.open").Should().Be(0);
        Told(_scene.Read(NewHost()));

        _meters.Now("llmtr.holds.open").Should().Be(1);
        _meters.Now("llmtr.hold.oldest.age").Should().Be(30);
        _meters.Now("llmtr.accounts.active").Should().Be(1);
    }

    [Fact]
    public void HoldPastItsDeadline_IsOverdueUntilSomebodyAsks()
    {
        _scene.Hold(10, _host, TimeSpan.FromMinutes(1));
        _meters.Now("llmtr.accounts.overdue").Should().Be(0);
        _scene.Advance(TimeSpan.FromMinutes(2));

        _meters.Now("llmtr.accounts.overdue").Should().Be(1);
        Told(_scene.Read(_host));

        _meters.Now("llmtr.accounts.overdue").Should().Be(0);
        _meters.Now("llmtr.ledger.entries", "hold_expired").Should().Be(1);
    }

    private DurableAccount NewHost() => new(Account, _scene.Store, _scene.Clock, _scene.Options, NullLogger.Instance, _metrics);
}
