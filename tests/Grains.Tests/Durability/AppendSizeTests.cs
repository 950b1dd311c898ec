using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using static LlmTr.Grains.Tests.Durability.DurableScene;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>A store takes 4 MiB at once at most, and what is too much would be refused again after every load.</summary>
public sealed class AppendSizeTests
{
    private const int MostBytes = 1_100_000;
    private const int Many = 8_000;

    [Fact]
    public void Holds_DuringOneAppend_ThatNoAppendCouldTake_GoOutInSeveral_InTheirOrder()
    {
        var scene = new DurableScene(credit: Many);
        scene.Store.HoldsAppends = true;
        var ids = Enumerable.Range(0, Many).Select(_ => scene.NewId()).ToArray();

        var answers = ids.Select(id => scene.Place(id, 1)).ToArray();
        var appends = CompleteAll(scene);

        appends.Should().BeGreaterThan(2);
        answers.Should().OnlyContain(static answer => Told(answer).Outcome == PlaceHoldOutcome.Granted);
        scene.Audit.OpenHolds.Keys.Should().Equal(ids);
        SizesAreGood(scene);
    }

    [Fact]
    public void Holds_PastTheirDeadline_MoreThanOneAppendCouldEnd_DoNotKeepTheAccountFromBeingServed()
    {
        var scene = new DurableScene(credit: Many);
        for (var i = 0; i < Many; i++)
            _ = scene.Place(scene.NewId(), 1, lifetime: TimeSpan.FromMinutes(1));
        scene.Advance(TimeSpan.FromMinutes(2));

        var read = scene.Read(scene.NewHost());

        Told(read).Should().BeEquivalentTo(new { OpenCases = Many });
        scene.Audit.OpenHolds.Should().BeEmpty();
        SizesAreGood(scene);
    }

    [Fact]
    public void Settlements_WithOverruns_MoreThanOneAppendCouldTake_AreNeverPartedFromThem()
    {
        const int Holds = 5_000;
        var scene = new DurableScene(credit: Holds);
        var ids = Enumerable.Range(0, Holds).Select(_ => scene.Hold(1)).ToArray();
        scene.Store.HoldsAppends = true;

        var answers = ids.Select(id => scene.Settle(id, 3)).ToArray();
        CompleteAll(scene).Should().BeGreaterThan(2);

        answers.Should().OnlyContain(static answer => Told(answer).Overrun.Value == 2);
        scene.Store.Appends.Should().OnlyContain(
            static append => LedgerLine.Decode(append.Lines[0]).Kind != LedgerEntryKind.Overrun, "a load between the two would find half of the truth");
        SizesAreGood(scene);
    }

    [Fact]
    public void Answers_WaitForTheirOwnAppend_OfSeveral_AndOnlyForThat()
    {
        var scene = new DurableScene(credit: Many);
        scene.Store.HoldsAppends = true;
        var answers = Enumerable.Range(0, Many).Select(_ => scene.Place(scene.NewId(), 1)).ToArray();
        var read = scene.Read();

        while (!scene.LastAppend.IsAnswered)
        {
            StillWaiting(read);
            scene.Do(scene.LastAppend.Complete);
            answers.Count(static answer => answer.IsCompleted).Should().Be(scene.Lines.Count - 2, "the key's own lines are two");
        }

        Told(read)!.Held.Value.Should().Be(Many);
    }

    [Fact]
    public void Failure_OfOneAppendOfSeveral_FailsAllWhoWait_AndTheirRepeatsAreGrantedOnce()
    {
        var scene = new DurableScene(credit: Many);
        scene.Store.HoldsAppends = true;
        var ids = Enumerable.Range(0, Many).Select(_ => scene.NewId()).ToArray();
        var answers = ids.Select(id => scene.Place(id, 1)).ToArray();
        scene.Do(scene.LastAppend.Complete);
        scene.Do(scene.LastAppend.Complete);
        var granted = answers.Count(static answer => answer.IsCompletedSuccessfully);
        granted.Should().BeInRange(1_000, Many - 1_000);

        scene.Do(scene.LastAppend.Fail);
        answers.Count(static answer => answer.IsFaulted).Should().Be(Many - granted);
        scene.Store.HoldsAppends = false;
        foreach (var id in ids.Where((_, at) => at < 100 || answers[at].IsFaulted))
            Told(scene.Place(id, 1)).Outcome.Should().Be(PlaceHoldOutcome.Granted);

        scene.Audit.Held.Value.Should().Be(Many);
        SizesAreGood(scene);
    }

    private static int CompleteAll(DurableScene scene)
    {
        var completed = 0;
        for (; !scene.LastAppend.IsAnswered; completed++)
            scene.Do(scene.LastAppend.Complete);
        return completed;
    }

    private static void SizesAreGood(DurableScene scene) =>
        scene.Store.Appends.Should().OnlyContain(static append => append.Lines.Sum(static line => line.Length) <= MostBytes);
}
