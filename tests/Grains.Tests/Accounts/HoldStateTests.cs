using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;
using static LlmTr.Grains.Ledgers.LedgerEntryKind;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>Every command on every state of its hold, in one table.</summary>
public sealed class HoldStateTests
{
    private const long Credit = 1000;
    private const long HoldAmount = 100;
    private const long Cost = 30;

    public enum State
    {
        None,
        Open,
        Settled,
        Released,
        ReleasedBeforePlaced,
        ExpiresNow,
        Expired,
        Unreconciled,
        CaseClosed,
        SettledAndForgotten,
        ReleasedAndForgotten,
        ExpiredAndForgotten,
        CaseClosedAndForgotten,
    }

    public static TheoryData<State, string> EveryCommandOnEveryState()
    {
        var all = new TheoryData<State, string>();
        foreach (var state in Enum.GetValues<State>())
        {
            foreach (var command in new[] { "PlaceHold", "Settle", "Release", "ReportUnreconciled" })
                all.Add(state, command);
        }

        return all;
    }

    [Theory]
    [InlineData(State.None, PlaceHoldOutcome.Granted, HoldPlaced)]
    [InlineData(State.Open, PlaceHoldOutcome.Granted)]
    [InlineData(State.Settled, PlaceHoldOutcome.Ended)]
    [InlineData(State.Released, PlaceHoldOutcome.Ended)]
    [InlineData(State.ReleasedBeforePlaced, PlaceHoldOutcome.Ended)]
    [InlineData(State.ExpiresNow, PlaceHoldOutcome.Ended, HoldExpired)]
    [InlineData(State.Expired, PlaceHoldOutcome.Ended)]
    [InlineData(State.Unreconciled, PlaceHoldOutcome.Ended)]
    [InlineData(State.CaseClosed, PlaceHoldOutcome.Ended)]
    [InlineData(State.SettledAndForgotten, PlaceHoldOutcome.TooOld)]
    [InlineData(State.ReleasedAndForgotten, PlaceHoldOutcome.TooOld)]
    [InlineData(State.ExpiredAndForgotten, PlaceHoldOutcome.Ended)]
    [InlineData(State.CaseClosedAndForgotten, PlaceHoldOutcome.TooOld)]
    public void PlaceHold_OnEveryState_GivesItsOutcomeAndEntries(State state, PlaceHoldOutcome outcome, params LedgerEntryKind[] kinds)
    {
        var (scene, id) = In(state);
        var seq = scene.Account.Seq;

        var reply = scene.Place(id, HoldAmount, HoldAmount);

        reply.Should().Be(new PlaceHoldReply
        {
            Outcome = outcome,
            Granted = new UsdTicks(outcome == PlaceHoldOutcome.Granted ? HoldAmount : 0),
            Available = scene.Account.Available,
        });
        EntriesAfter(scene, seq).Should().Equal(kinds);
    }

    [Theory]
    [InlineData(State.None, SettleOutcome.UnknownHold)]
    [InlineData(State.Open, SettleOutcome.Settled, HoldSettled)]
    [InlineData(State.Settled, SettleOutcome.Settled)]
    [InlineData(State.Released, SettleOutcome.Released)]
    [InlineData(State.ReleasedBeforePlaced, SettleOutcome.Released)]
    [InlineData(State.ExpiresNow, SettleOutcome.Settled, HoldExpired, HoldSettled)]
    [InlineData(State.Expired, SettleOutcome.Settled, HoldSettled)]
    [InlineData(State.Unreconciled, SettleOutcome.Settled, HoldSettled)]
    [InlineData(State.CaseClosed, SettleOutcome.Settled)]
    [InlineData(State.SettledAndForgotten, SettleOutcome.UnknownHold)]
    [InlineData(State.ReleasedAndForgotten, SettleOutcome.UnknownHold)]
    [InlineData(State.ExpiredAndForgotten, SettleOutcome.Settled, HoldSettled)]
    [InlineData(State.CaseClosedAndForgotten, SettleOutcome.UnknownHold)]
    public void Settle_OnEveryState_GivesItsOutcomeAndEntries(State state, SettleOutcome outcome, params LedgerEntryKind[] kinds)
    {
        var (scene, id) = In(state);
        var (seq, balance) = (scene.Account.Seq, scene.Account.Balance);

        var reply = scene.Settle(id, Cost);

        reply.Should().Be(new SettleReply
        {
            Outcome = outcome,
            Charged = new UsdTicks(outcome == SettleOutcome.Settled ? Cost : 0),
            Overrun = UsdTicks.Zero,
            Available = scene.Account.Available,
        });
        EntriesAfter(scene, seq).Should().Equal(kinds);
        (balance - scene.Account.Balance).Value.Should().Be(kinds.Contains(HoldSettled) ? Cost : 0);
    }

    [Theory]
    [InlineData(State.None, EndHoldOutcome.Ended, HoldReleased)]
    [InlineData(State.Open, EndHoldOutcome.Ended, HoldReleased)]
    [InlineData(State.Settled, EndHoldOutcome.Settled)]
    [InlineData(State.Released, EndHoldOutcome.Ended)]
    [InlineData(State.ReleasedBeforePlaced, EndHoldOutcome.Ended)]
    [InlineData(State.ExpiresNow, EndHoldOutcome.Unreconciled, HoldExpired)]
    [InlineData(State.Expired, EndHoldOutcome.Unreconciled)]
    [InlineData(State.Unreconciled, EndHoldOutcome.Unreconciled)]
    [InlineData(State.CaseClosed, EndHoldOutcome.Settled)]
    [InlineData(State.SettledAndForgotten, EndHoldOutcome.UnknownHold)]
    [InlineData(State.ReleasedAndForgotten, EndHoldOutcome.UnknownHold)]
    [InlineData(State.ExpiredAndForgotten, EndHoldOutcome.Unreconciled)]
    [InlineData(State.CaseClosedAndForgotten, EndHoldOutcome.UnknownHold)]
    public void Release_OnEveryState_GivesItsOutcomeAndEntries(State state, EndHoldOutcome outcome, params LedgerEntryKind[] kinds)
    {
        var (scene, id) = In(state);
        var (seq, balance) = (scene.Account.Seq, scene.Account.Balance);

        scene.Release(id).Should().Be(outcome);

        EntriesAfter(scene, seq).Should().Equal(kinds);
        scene.Account.Balance.Should().Be(balance);
    }

    [Theory]
    [InlineData(State.None, EndHoldOutcome.UnknownHold)]
    [InlineData(State.Open, EndHoldOutcome.Ended, LedgerEntryKind.Unreconciled)]
    [InlineData(State.Settled, EndHoldOutcome.Settled)]
    [InlineData(State.Released, EndHoldOutcome.Ended)]
    [InlineData(State.ReleasedBeforePlaced, EndHoldOutcome.Ended)]
    [InlineData(State.ExpiresNow, EndHoldOutcome.Ended, HoldExpired)]
    [InlineData(State.Expired, EndHoldOutcome.Ended)]
    [InlineData(State.Unreconciled, EndHoldOutcome.Ended)]
    [InlineData(State.CaseClosed, EndHoldOutcome.Settled)]
    [InlineData(State.SettledAndForgotten, EndHoldOutcome.UnknownHold)]
    [InlineData(State.ReleasedAndForgotten, EndHoldOutcome.UnknownHold)]
    [InlineData(State.ExpiredAndForgotten, EndHoldOutcome.Ended)]
    [InlineData(State.CaseClosedAndForgotten, EndHoldOutcome.UnknownHold)]
    public void ReportUnreconciled_OnEveryState_GivesItsOutcomeAndEntries(State state, EndHoldOutcome outcome, params LedgerEntryKind[] kinds)
    {
        var (scene, id) = In(state);
        var (seq, balance) = (scene.Account.Seq, scene.Account.Balance);

        scene.Report(id).Should().Be(outcome);

        EntriesAfter(scene, seq).Should().Equal(kinds);
        scene.Account.Balance.Should().Be(balance);
    }

    [Theory]
    [MemberData(nameof(EveryCommandOnEveryState))]
    public void AnyCommand_Repeated_ChangesNothingAndAnswersTheSame(State state, string command)
    {
        var (scene, id) = In(state);
        Func<object> send = command switch
        {
            "PlaceHold" => () => scene.Place(id, HoldAmount, HoldAmount),
            "Settle" => () => scene.Settle(id, Cost),
            "Release" => () => scene.Release(id),
            _ => () => scene.Report(id),
        };
        var first = send();
        var seq = scene.Account.Seq;

        send().Should().Be(first);

        scene.Account.Seq.Should().Be(seq);
    }

    private static IEnumerable<LedgerEntryKind> EntriesAfter(AccountScene scene, long seq) =>
        scene.Ledger.Skip((int)seq).Select(static entry => entry.Kind);

    private static (AccountScene Scene, RequestId Id) In(State state)
    {
        var scene = new AccountScene(Credit);
        if (state is State.None or State.ReleasedBeforePlaced)
        {
            var unknown = scene.NewId();
            if (state == State.ReleasedBeforePlaced)
                scene.Release(unknown);
            return (scene, unknown);
        }

        var id = scene.Hold(HoldAmount);
        switch (state)
        {
            case State.Settled or State.SettledAndForgotten:
                scene.Settle(id, Cost);
                break;
            case State.Released or State.ReleasedAndForgotten:
                scene.Release(id);
                break;
            case State.Unreconciled:
                scene.Report(id);
                break;
            case State.ExpiresNow:
                scene.Now += AccountScene.Lifetime + TimeSpan.FromMilliseconds(1);
                break;
            case State.Expired or State.ExpiredAndForgotten:
                Expire(scene);
                break;
            case State.CaseClosed or State.CaseClosedAndForgotten:
                Expire(scene);
                scene.Settle(id, Cost);
                break;
        }

        if (state >= State.SettledAndForgotten)
        {
            // Forgetting happens when the next hold ends.
            scene.Now += TimeSpan.FromMinutes(10);
            scene.Release(scene.Hold(1));
            scene.Account.EndedHoldCount.Should().Be(1, "only the last one is remembered");
        }

        return (scene, id);
    }

    private static void Expire(AccountScene scene)
    {
        scene.Now += AccountScene.Lifetime + TimeSpan.FromMilliseconds(1);
        scene.Do(static (_, _, _) => 0);
    }
}
