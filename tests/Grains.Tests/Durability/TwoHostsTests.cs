using LlmTr.Grains.Abstractions;
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
}
