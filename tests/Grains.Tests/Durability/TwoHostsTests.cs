using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Money;
using static LlmTr.Grains.Tests.Durability.DurableScene;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>Orleans may run two activations of a key for a while. The fence decides between them, and the one that is behind must lose.</summary>
public sealed class TwoHostsTests
{
    [Fact]
    public void SlowerHost_WithTheSameBalanceInMind_LosesAndSpendsNothing()
    {
        var scene = new DurableScene(credit: 100);
        var slower = scene.NewHost();
        Told(scene.Read(slower))!.Available.Value.Should().Be(100);

        Told(scene.Place(scene.NewId(), 100)).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        var id = scene.NewId();

        ToldUnknown(scene.Place(id, 100, slower));
        slower.SawAnotherWriter.Should().BeFalse("it has only been refused; what stands there it learns when it reads");
        Told(scene.Place(id, 100, slower)).Outcome.Should().Be(PlaceHoldOutcome.InsufficientBalance);
        slower.SawAnotherWriter.Should().BeTrue();
        scene.Host.SawAnotherWriter.Should().BeFalse();
        scene.Audit.Held.Value.Should().Be(100);
    }

    [Fact]
    public void PausedHost_WhoseAppendIsOnItsWay_LosesItToTheOther()
    {
        var scene = new DurableScene(credit: 100);
        var other = scene.NewHost();
        scene.Store.HoldsAppends = true;
        var paused = scene.Place(scene.NewId(), 100);
        var onItsWay = scene.LastAppend;
        scene.Store.HoldsAppends = false;

        Told(scene.Place(scene.NewId(), 100, other)).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        scene.Do(onItsWay.Complete);

        ToldUnknown(paused);
        scene.Audit.OpenHolds.Should().ContainSingle();
    }

    [Fact]
    public void BothHosts_OnAKeyWithoutALedgerYet_SeeEachOther()
    {
        var scene = new DurableScene(credit: null);
        var second = scene.NewHost();
        Told(scene.Read()).Should().BeNull();
        Told(scene.Read(second)).Should().BeNull();

        Told(scene.Issue(scene.Host, 100)).Should().Be(OperatorOutcome.Done);
        scene.Advance(TimeSpan.FromMilliseconds(1));
        ToldUnknown(scene.Issue(second, 100));

        Told(scene.Issue(second, 100)).Should().Be(OperatorOutcome.Done);
        second.SawAnotherWriter.Should().BeTrue("it had read an empty ledger, and the lines in it are not its own");
        scene.Audit.Credits.Value.Should().Be(100);
    }

    [Fact]
    public void FirstLoad_OfALedgerThatOthersWrote_IsNotAnotherWriter()
    {
        var scene = new DurableScene(credit: 100);
        var host = scene.NewHost();

        Told(scene.Read(host));
        Told(scene.Credit("more", 1, host));

        host.SawAnotherWriter.Should().BeFalse("that another host wrote before this one lived says nothing");
    }

    [Fact]
    public void OwnLineThatLandsLate_WithAForeignOneBehindIt_IsAnotherWriter()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        var id = scene.NewId();
        var lost = scene.Place(id, 10);
        scene.LetTheAppendTimeOut();
        ToldUnknown(lost);
        scene.LastAppend.Land();
        scene.Store.HoldsAppends = false;
        var other = scene.NewHost();
        Told(scene.Credit("foreign", 1, other));

        Told(scene.Place(id, 10)).Granted.Value.Should().Be(10);

        scene.Host.SawAnotherWriter.Should().BeTrue();
        other.SawAnotherWriter.Should().BeFalse();
    }

    [Fact]
    public void ForeignLine_WhereOurOwnWasToLand_IsAnotherWriter()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        var lost = scene.Place(scene.NewId(), 10);
        var hung = scene.LastAppend;
        scene.LetTheAppendTimeOut();
        scene.Store.HoldsAppends = false;
        Told(scene.Credit("foreign", 1, scene.NewHost()));
        hung.Land().Should().BeFalse();
        ToldUnknown(lost);

        Told(scene.Read())!.Balance.Value.Should().Be(101);

        scene.Host.SawAnotherWriter.Should().BeTrue();
    }

    [Fact]
    public void OwnLine_ThatTheOtherHostHasReadAndBuiltOn_IsStillOurs()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        var id = scene.NewId();
        var lost = scene.Place(id, 10);
        scene.LastAppend.Land();
        scene.Do(scene.LastAppend.Fail);
        ToldUnknown(lost);
        scene.Store.HoldsAppends = false;

        Told(scene.Place(id, 10));

        scene.Host.SawAnotherWriter.Should().BeFalse();
    }

    [Fact]
    public void Hosts_ThatTakeTurns_ReachEveryCommandOnceInTheEnd()
    {
        var scene = new DurableScene(credit: 1000);
        var hosts = new[] { scene.Host, scene.NewHost() };
        Told(scene.Read(hosts[1]));

        for (var i = 0; i < 40; i++)
        {
            var id = scene.NewId();
            var host = hosts[i % 2];
            var placed = scene.Place(id, 10, host);
            if (placed.IsFaulted)
                placed = scene.Place(id, 10, host);
            Told(placed).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        }

        scene.Audit.Held.Should().Be(new UsdTicks(400));
        hosts.Should().OnlyContain(static host => host.SawAnotherWriter);
    }

    // A host that only refuses and repeats never writes, so the fence never tells it that it is behind: it must look.
    [Fact]
    public void StaleHost_AskedToSettleAHoldThatTheOtherPlaced_SettlesIt()
    {
        var (scene, stale) = WithAStaleHost();
        var id = scene.Hold(60);

        Told(scene.Settle(id, 50, stale)).Should().BeEquivalentTo(new { Outcome = SettleOutcome.Settled, Charged = new UsdTicks(50) });

        scene.Audit.Charges.Value.Should().Be(50);
    }

    // Found by a random history: that an append succeeds says that nobody had written when it landed, not that nobody has since.
    [Fact]
    public void StaleHost_WhoseLastAppendHasLandedButNotAnswered_StillLooks()
    {
        var (scene, stale) = WithAStaleHost();
        scene.Store.HoldsAppends = true;
        var landed = scene.Credit("more", 1, stale);
        var unanswered = scene.LastAppend;
        unanswered.Land();
        scene.Store.HoldsAppends = false;
        var id = scene.Hold(60, scene.NewHost());

        var settle = scene.Settle(id, 50, stale);
        StillWaiting(settle);
        scene.Do(unanswered.Complete);

        Told(landed).Should().Be(OperatorOutcome.Done);
        Told(settle).Should().BeEquivalentTo(new { Outcome = SettleOutcome.Settled, Charged = new UsdTicks(50) });
    }

    [Fact]
    public void StaleHost_AskedAgainForAHoldThatTheOtherEnded_SaysEnded()
    {
        var (scene, stale) = WithAStaleHost();
        var id = scene.Hold(60, stale);
        Told(scene.Read());
        var released = scene.Release(id);
        if (released.IsFaulted)
            released = scene.Release(id);
        Told(released).Should().Be(EndHoldOutcome.Ended);

        Told(scene.Place(id, 60, stale)).Outcome.Should().Be(PlaceHoldOutcome.Ended);
    }

    [Fact]
    public void StaleHost_AskedForMoreThanItKnowsOf_GrantsWhatTheOtherWasPaid()
    {
        var (scene, stale) = WithAStaleHost();
        Told(scene.Credit("more", 900));

        Told(scene.Place(scene.NewId(), 1000, stale)).Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void StaleHost_OfAKeyThatTheOtherIssued_KnowsIt()
    {
        var scene = new DurableScene(credit: null);
        var stale = scene.NewHost();
        Told(scene.Credit("early", 1, stale)).Should().Be(OperatorOutcome.UnknownKey);
        Told(scene.Issue(scene.Host, 100));

        Told(scene.Place(scene.NewId(), 10, stale)).Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void StaleHost_ThatHasLooked_KnowsOfTheOtherWriter()
    {
        var (scene, stale) = WithAStaleHost();
        Told(scene.Credit("more", 1));

        Told(scene.Settle(scene.NewId(), 5, stale)).Outcome.Should().Be(SettleOutcome.UnknownHold);

        stale.SawAnotherWriter.Should().BeTrue();
    }

    [Fact]
    public void Look_AtALedgerThatCannotBeRead_IsUnknown()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.OnNextLoad(static () => Task.FromException(new IOException("no disk")));

        ToldUnknown(scene.Settle(scene.NewId(), 5));
    }

    [Fact]
    public void Look_ThatMeetsALineOfItsOwnHostOnItsWay_IsNoReasonToReload()
    {
        var scene = new DurableScene(credit: 100);
        var (gate, loads) = (new TaskCompletionSource(), scene.Store.Loads);
        scene.Store.OnNextLoad(() => gate.Task);
        var looking = scene.Settle(scene.NewId(), 5);
        scene.Store.HoldsAppends = true;
        var placing = scene.Place(scene.NewId(), 10);
        scene.LastAppend.Land();

        scene.Do(gate.SetResult);
        StillWaiting(looking, placing);
        scene.Do(scene.LastAppend.Complete);

        Told(placing).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        Told(looking).Outcome.Should().Be(SettleOutcome.UnknownHold);
        scene.Store.Loads.Should().Be(loads);
        scene.Host.SawAnotherWriter.Should().BeFalse();
    }

    [Fact]
    public void Look_ThatMeetsALineOfItsOwnHostThatIsDurable_IsNoReasonToReload()
    {
        var scene = new DurableScene(credit: 100);
        var (gate, loads) = (new TaskCompletionSource(), scene.Store.Loads);
        scene.Store.OnNextLoad(() => gate.Task);
        var looking = scene.Settle(scene.NewId(), 5);
        scene.Hold(10);

        scene.Do(gate.SetResult);

        Told(looking).Outcome.Should().Be(SettleOutcome.UnknownHold);
        scene.Store.Loads.Should().Be(loads);
    }

    private static (DurableScene Scene, DurableAccount Stale) WithAStaleHost()
    {
        var scene = new DurableScene(credit: 100);
        var stale = scene.NewHost();
        Told(scene.Read(stale));
        return (scene, stale);
    }
}
