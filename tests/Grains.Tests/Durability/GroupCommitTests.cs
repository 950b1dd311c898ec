using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;
using static LlmTr.Grains.Tests.Durability.DurableScene;

namespace LlmTr.Grains.Tests.Durability;

public sealed class GroupCommitTests
{
    [Fact]
    public void Commands_DuringOneAppend_GoOutTogetherInTheNext()
    {
        var scene = new DurableScene(credit: 1000);
        scene.Store.HoldsAppends = true;
        var before = scene.Store.Appends.Count;

        var first = scene.Place(scene.NewId(), 1);
        var next = Enumerable.Range(0, 500).Select(_ => scene.Place(scene.NewId(), 1)).ToArray();

        scene.Store.Appends.Should().HaveCount(before + 1, "the first goes out at once, the others wait for it");
        StillWaiting([first, .. next]);

        scene.Do(scene.LastAppend.Complete);
        Told(first).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        scene.Store.Appends.Should().HaveCount(before + 2);
        scene.LastAppend.Lines.Should().HaveCount(500);
        StillWaiting(next);

        scene.Do(scene.LastAppend.Complete);
        next.Should().OnlyContain(static answer => Told(answer).Outcome == PlaceHoldOutcome.Granted);
        scene.Store.Appends.Should().HaveCount(before + 2, "nothing is left to write");
        scene.Audit.Held.Value.Should().Be(501);
    }

    [Fact]
    public void Lines_OfConcurrentCommands_StandInTheOrderInWhichTheyWereDecided()
    {
        var scene = new DurableScene();
        scene.Store.HoldsAppends = true;
        var ids = Enumerable.Range(0, 20).Select(_ => scene.NewId()).ToArray();

        foreach (var id in ids)
            _ = scene.Place(id, 1);
        scene.Do(scene.LastAppend.Complete);
        scene.Do(scene.LastAppend.Complete);

        scene.Audit.OpenHolds.Keys.Should().Equal(ids);
    }

    [Fact]
    public void Append_WithNothingWaiting_IsNotFollowedByAnEmptyOne()
    {
        var scene = new DurableScene();

        for (var i = 0; i < 5; i++)
            scene.Hold(1);

        scene.Store.Appends.Should().HaveCount(6).And.OnlyContain(static append => append.Lines.Count > 0);
    }

    [Fact]
    public void Settlement_WithAnOverrun_GoesOutWithItInOneAppend()
    {
        var scene = new DurableScene(credit: 10);
        var id = scene.Hold(10);
        var before = scene.Store.Appends.Count;

        Told(scene.Settle(id, 15)).Overrun.Value.Should().Be(5);

        scene.Store.Appends.Should().HaveCount(before + 1, "a settlement without its overrun would be half of the truth");
    }

    [Fact]
    public void HoldsOnABalance_AllAtOnce_AreGrantedToTheTickAndNoFurther()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;

        var answers = Enumerable.Range(0, 1000).Select(_ => scene.Place(scene.NewId(), 1)).ToArray();
        while (!scene.LastAppend.IsAnswered)
            scene.Do(scene.LastAppend.Complete);

        answers.Count(static answer => Told(answer).Outcome == PlaceHoldOutcome.Granted).Should().Be(100);
        answers.Count(static answer => Told(answer).Outcome == PlaceHoldOutcome.InsufficientBalance).Should().Be(900);
        scene.Audit.Held.Should().Be(new UsdTicks(100));
    }

    [Fact]
    public void ExpiredHold_MetByARead_IsWrittenBeforeTheReadIsAnswered()
    {
        var scene = new DurableScene();
        scene.Hold(10, lifetime: TimeSpan.FromSeconds(1));
        scene.Advance(TimeSpan.FromSeconds(2));
        scene.Store.HoldsAppends = true;

        var read = scene.Read();
        StillWaiting(read);
        scene.Do(scene.LastAppend.Complete);

        Told(read).Should().BeEquivalentTo(new { Held = UsdTicks.Zero, OpenCases = 1 });
        scene.Kinds.Last().Should().Be(LedgerEntryKind.HoldExpired);
    }
}
