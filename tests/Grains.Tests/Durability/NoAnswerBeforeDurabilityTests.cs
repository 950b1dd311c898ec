using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using static LlmTr.Grains.Tests.Durability.DurableScene;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>Whatever is said rests on entries; none of it is said before they are in the ledger, and none of it if they are not.</summary>
public sealed class NoAnswerBeforeDurabilityTests
{
    private readonly DurableScene _scene = new(credit: 100);
    private readonly RequestId _open;

    public NoAnswerBeforeDurabilityTests()
    {
        _open = _scene.Hold(10);
        _scene.Store.HoldsAppends = true;
    }

    // Each of these decides nothing and rests on a command that is still being written.
    public static TheoryData<string> RestingOnIt => new() { "repeat", "refusal", "read", "read of the ledger", "repeat of the end", "late hold", "unknown" };

    [Theory]
    [MemberData(nameof(RestingOnIt))]
    public void AnswerThatWritesNothing_ResultingFromAnUndurableEntry_ComesWhenThatIsDurable(string kind)
    {
        var appends = _scene.Store.Appends.Count;
        var (first, resting) = Send(kind);
        StillWaiting(first, resting);

        _scene.Do(() => _scene.LastAppend.Land());
        StillWaiting(first, resting);
        _scene.Do(_scene.LastAppend.Complete);

        first.IsCompletedSuccessfully.Should().BeTrue();
        resting.IsCompletedSuccessfully.Should().BeTrue();
        _scene.Store.Appends.Should().HaveCount(appends + 1, "it waits for the same write and makes none of its own");
    }

    [Theory]
    [MemberData(nameof(RestingOnIt))]
    public void AnswerThatWritesNothing_ResultingFromAnEntryThatFails_FailsToo(string kind)
    {
        var (first, resting) = Send(kind);

        _scene.Do(_scene.LastAppend.Fail);

        ToldUnknown(first, resting);
    }

    [Theory]
    [MemberData(nameof(RestingOnIt))]
    public void AnswerThatWritesNothing_DuringTheWriteOfAnotherBatch_WaitsForTheBatchThatItRestsOn(string kind)
    {
        var earlier = _scene.Credit("earlier", 1);
        var (first, resting) = Send(kind);

        _scene.Do(_scene.LastAppend.Complete);
        earlier.IsCompletedSuccessfully.Should().BeTrue();
        StillWaiting(first, resting);
        _scene.Do(_scene.LastAppend.Complete);

        first.IsCompletedSuccessfully.Should().BeTrue();
        resting.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public void Answer_WithNothingBeingWritten_ComesAtOnceAndWritesNothing()
    {
        var appends = _scene.Store.Appends.Count;

        Told(_scene.Read())!.Held.Value.Should().Be(10);
        Told(_scene.Place(_open, 10)).Granted.Value.Should().Be(10);
        Told(_scene.Place(_scene.NewId(), 91)).Outcome.Should().Be(PlaceHoldOutcome.InsufficientBalance);
        Told(_scene.Settle(_scene.NewId(), 5)).Outcome.Should().Be(SettleOutcome.UnknownHold);

        _scene.Store.Appends.Should().HaveCount(appends);
    }

    [Fact]
    public void Repeat_OfAHoldThatIsEndingNow_IsToldEndedAndNeverGranted()
    {
        var settle = _scene.Settle(_open, 5);
        var repeat = _scene.Place(_open, 10);
        StillWaiting(settle, repeat);

        _scene.Do(_scene.LastAppend.Complete);

        Told(repeat).Outcome.Should().Be(PlaceHoldOutcome.Ended);
        Told(settle).Charged.Should().Be(new UsdTicks(5));
    }

    [Fact]
    public void Read_OfTheLedger_HoldsEverythingDecidedBefore()
    {
        var id = _scene.NewId();
        _ = _scene.Place(id, 5);
        var page = _scene.ReadLedger(1, 100);

        _scene.Do(_scene.LastAppend.Complete);

        Told(page).Lines.Should().HaveCount(4);
    }

    private (Task First, Task Resting) Send(string kind)
    {
        var id = _scene.NewId();
        return kind switch
        {
            "repeat" => (_scene.Place(id, 10), _scene.Place(id, 10)),
            "refusal" => (_scene.Place(id, 90), _scene.Place(_scene.NewId(), 1)),
            "read" => (_scene.Place(id, 10), _scene.Read()),
            "read of the ledger" => (_scene.Place(id, 10), _scene.ReadLedger(1, 1)),
            "repeat of the end" => (_scene.Settle(_open, 5), _scene.Settle(_open, 5)),
            "late hold" => (_scene.Release(id), _scene.Place(id, 10)),
            "unknown" => (_scene.Place(id, 10), _scene.Settle(_scene.NewId(), 1)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown."),
        };
    }
}
