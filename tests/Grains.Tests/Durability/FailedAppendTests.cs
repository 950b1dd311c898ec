using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;
using static LlmTr.Grains.Tests.Durability.DurableScene;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>An append that fails has an unknown outcome. Whatever it was, the same command sent again gets the right answer and counts once.</summary>
public sealed class FailedAppendTests
{
    public enum Fault
    {
        FailsBeforeWriting,
        FailsAfterWriting,
        ThrowsAtOnce,
        HangsForEver,
        HangsAndHasLanded,
        HangsAndLandsBeforeTheReload,
        HangsAndLandsBeforeTheRetry,
        HangsAndLandsDuringTheRetry,
        HangsAndLandsTooLate,
    }

    public static TheoryData<Fault> Faults => new(Enum.GetValues<Fault>());

    [Theory]
    [MemberData(nameof(Faults))]
    public void PlaceHold_RepeatedAfterAnyFault_IsGrantedOnce(Fault fault)
    {
        var scene = new DurableScene(credit: 100);
        var id = scene.NewId();

        var reply = RepeatAfter(scene, fault, () => scene.Place(id, 60));

        reply.Outcome.Should().Be(PlaceHoldOutcome.Granted);
        reply.Granted.Value.Should().Be(60);
        scene.Audit.OpenHolds.Should().ContainSingle().Which.Should().Be(KeyValuePair.Create(id, new UsdTicks(60)));
        Told(scene.Read())!.Available.Value.Should().Be(40);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Settle_RepeatedAfterAnyFault_ChargesOnce(Fault fault)
    {
        var scene = new DurableScene(credit: 100);
        var id = scene.Hold(60);

        var reply = RepeatAfter(scene, fault, () => scene.Settle(id, 110));

        reply.Should().Be(new SettleReply { Outcome = SettleOutcome.Settled, Charged = new UsdTicks(100), Overrun = new UsdTicks(10), Available = UsdTicks.Zero });
        scene.Audit.Should().BeEquivalentTo(new { Charges = new UsdTicks(100), Overruns = new UsdTicks(10), Held = UsdTicks.Zero });
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Release_RepeatedAfterAnyFault_FreesOnce(Fault fault)
    {
        var scene = new DurableScene(credit: 100);
        var id = scene.Hold(60);

        RepeatAfter(scene, fault, () => scene.Release(id)).Should().Be(EndHoldOutcome.Ended);

        scene.Audit.Should().BeEquivalentTo(new { Balance = new UsdTicks(100), Held = UsdTicks.Zero, OpenCases = 0 });
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Credit_RepeatedAfterAnyFault_PostsOnce(Fault fault)
    {
        var scene = new DurableScene(credit: 100);

        RepeatAfter(scene, fault, () => scene.Credit("pay", 7)).Should().Be(OperatorOutcome.Done);

        scene.Audit.Credits.Value.Should().Be(107);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Issue_RepeatedAfterAnyFault_MakesTheKeyOnce(Fault fault)
    {
        var scene = new DurableScene(credit: null);

        RepeatAfter(scene, fault, () => scene.Issue(scene.Host, 100)).Should().Be(OperatorOutcome.Done);

        scene.Kinds.Should().Equal(LedgerEntryKind.KeyIssued, LedgerEntryKind.Credited);
    }

    [Fact]
    public void Append_ThatFails_FailsAllWhoWaitForItAndAllBehindThem()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        var under = scene.Place(scene.NewId(), 10);
        var behind = Enumerable.Range(0, 5).Select(_ => scene.Place(scene.NewId(), 10)).ToArray();

        scene.Do(scene.LastAppend.Fail);

        ToldUnknown([under, .. behind]);
        scene.Store.Appends.Should().HaveCount(2, "what was decided on top of an unknown outcome is never sent");
    }

    [Fact]
    public void Append_ThatFails_LeavesNothingOfItInMemory()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        var lost = scene.Place(scene.NewId(), 100);
        scene.Do(scene.LastAppend.Fail);
        ToldUnknown(lost);

        scene.Store.HoldsAppends = false;

        Told(scene.Read()).Should().BeEquivalentTo(new { Held = UsdTicks.Zero, Available = new UsdTicks(100) });
        Told(scene.Place(scene.NewId(), 100)).Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Append_ThatHangs_IsUnknownAtItsTimeOutAndNotBefore()
    {
        var scene = new DurableScene();
        scene.Store.HoldsAppends = true;
        var answer = scene.Place(scene.NewId(), 10);

        scene.Advance(scene.Options.AppendTimeout - TimeSpan.FromMilliseconds(1));
        StillWaiting(answer);
        scene.Advance(TimeSpan.FromMilliseconds(1));

        ToldUnknown(answer);
    }

    [Fact]
    public void Append_ThatHangs_DoesNotDarkenTheKey()
    {
        var scene = new DurableScene();
        scene.Store.HoldsAppends = true;
        var hung = scene.Place(scene.NewId(), 10);
        scene.LetTheAppendTimeOut();
        ToldUnknown(hung);

        scene.Store.HoldsAppends = false;

        Told(scene.Place(scene.NewId(), 10)).Outcome.Should().Be(PlaceHoldOutcome.Granted, "it reloads in place while the hung append is still out there");
    }

    [Fact]
    public void Append_ThatAnswersAfterItsTimeOut_ChangesNothingOfWhatCameAfter()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        _ = scene.Place(scene.NewId(), 10);
        var late = scene.LastAppend;
        scene.LetTheAppendTimeOut();
        var second = scene.Place(scene.NewId(), 20);

        scene.Do(late.Fail);
        StillWaiting(second);
        scene.Do(scene.LastAppend.Complete);

        Told(second).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        scene.Audit.Held.Value.Should().Be(20);
    }

    [Fact]
    public void Append_ThatFailsManyTimesInARow_KeepsEveryEarlierLineOurs()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        var id = scene.NewId();
        for (var i = 0; i < 5; i++)
        {
            // The clock moves, so that each try writes another line.
            scene.Advance(TimeSpan.FromMilliseconds(3));
            ToldUnknownAfterTimeOut(scene, scene.Place(id, 10));
        }

        scene.Do(() => scene.Store.Appends[2].Land());
        var last = scene.Place(id, 10);

        Told(last).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        scene.Host.SawAnotherWriter.Should().BeFalse();
        scene.Audit.OpenHolds.Should().ContainSingle();
    }

    // Remembering every line of an outage of hours would end the process. What is forgotten and lands after all counts as another's.
    [Fact]
    public void Appends_ThatFailInALongOutage_AreNotAllRemembered()
    {
        var scene = new DurableScene(credit: 1000);
        scene.Store.HoldsAppends = true;
        var oldest = FailOne();
        for (var i = 0; i < 10_001; i++)
            FailOne();

        oldest.Land().Should().BeTrue("nothing else has landed");
        Told(scene.Read())!.OpenHolds.Should().Be(1);

        scene.Host.SawAnotherWriter.Should().BeTrue("only some ten thousand lines are remembered");

        PendingAppend FailOne()
        {
            _ = scene.Place(scene.NewId(), 1);
            scene.Do(scene.LastAppend.Fail);
            return scene.LastAppend;
        }
    }

    private static void ToldUnknownAfterTimeOut(DurableScene scene, Task answer)
    {
        scene.LetTheAppendTimeOut();
        ToldUnknown(answer);
    }

    // Sends a command whose first append suffers the fault, then again and again until it is told.
    private static T RepeatAfter<T>(DurableScene scene, Fault fault, Func<Task<T>> send)
    {
        scene.Store.HoldsAppends = true;
        scene.Store.ThrowsOnAppend = fault == Fault.ThrowsAtOnce ? new IOException("The queue is full.") : null;
        var first = send();
        scene.Store.ThrowsOnAppend = null;
        var faulty = scene.Store.Appends.Count > 0 ? scene.LastAppend : null;
        switch (fault)
        {
            case Fault.FailsBeforeWriting:
                scene.Do(faulty!.Fail);
                break;
            case Fault.FailsAfterWriting:
                faulty!.Land();
                scene.Do(faulty.Fail);
                break;
            case Fault.HangsAndHasLanded:
                faulty!.Land();
                scene.LetTheAppendTimeOut();
                break;
            case not Fault.ThrowsAtOnce:
                scene.LetTheAppendTimeOut();
                break;
        }

        ToldUnknown(first);
        if (fault == Fault.HangsAndLandsBeforeTheReload)
            faulty!.Land();
        if (fault == Fault.HangsAndLandsBeforeTheRetry)
        {
            // The ledger is read without the append, which lands before the retry's own.
            StillWaiting(send());
            faulty!.Land();
            scene.Do(scene.LastAppend.Complete);
        }

        if (fault == Fault.HangsAndLandsDuringTheRetry)
        {
            StillWaiting(send());
            scene.Do(faulty!.Complete);
            scene.Do(scene.LastAppend.Complete);
        }

        scene.Store.HoldsAppends = false;
        var answer = send();
        if (fault == Fault.HangsAndLandsTooLate)
            faulty!.Land().Should().BeFalse("the fence has moved past it");

        var told = Told(answer);
        Told(send()).Should().Be(told, "a repeat of a repeat is told the same");
        scene.Host.SawAnotherWriter.Should().BeFalse("every line in the ledger is this host's own");
        return told;
    }
}
