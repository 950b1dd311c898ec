using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class CaseAndDebitTests
{
    private readonly AccountScene _scene = new(1_000);

    [Fact]
    public void Debit_OfWhatIsAvailable_PostsOnceForEver()
    {
        _scene.Hold(300);
        _scene.Debit("d", 701).Should().Be(OperatorOutcome.InsufficientBalance);
        _scene.Debit("d", 700).Should().Be(OperatorOutcome.Done);

        _scene.Now = AccountScene.Start.AddYears(1);
        _scene.Debit("d", 700).Should().Be(OperatorOutcome.Done);
        _scene.Debit("d", 5).Should().Be(OperatorOutcome.Conflict);
        _scene.Credit("d", 50).Should().Be(OperatorOutcome.Done, "a credit's id is another");
        _scene.Account.View().Should().BeEquivalentTo(new { Debited = new UsdTicks(700), Balance = new UsdTicks(350) });
        new KeyAccount().Debit(new Debit { DebitId = "d", Amount = new UsdTicks(1), Actor = "tests" }, AccountScene.Start, []).Should().Be(OperatorOutcome.UnknownKey);
    }

    [Fact]
    public void CreditsAfterDebits_NeverPassTheLargestAmount()
    {
        _scene.Debit("d", 1_000);

        _scene.Credit("large", long.MaxValue - 1_000).Should().Be(OperatorOutcome.Done);
        _scene.Credit("more", 1).Should().Be(OperatorOutcome.OutOfRange);
    }

    [Fact]
    public void Case_Settled_ChargesOnceFromWhatIsAvailableAndTheRestIsAnOverrun()
    {
        var id = _scene.Case(100);
        _scene.Hold(400);

        _scene.Resolve(id, 700).Should().Be(
            new ResolveCaseReply { Outcome = ResolveOutcome.Done, Charged = new UsdTicks(600), Overrun = new UsdTicks(100), Available = UsdTicks.Zero });

        _scene.Resolve(id, 700).Should().BeEquivalentTo(new { Outcome = ResolveOutcome.Done, Charged = new UsdTicks(600), Overrun = new UsdTicks(100) });
        _scene.Resolve(id, 5).Outcome.Should().Be(ResolveOutcome.Conflict);
        _scene.Resolve(id, null).Outcome.Should().Be(ResolveOutcome.Conflict);
        _scene.Settle(id, 80).Charged.Should().Be(new UsdTicks(600), "a settlement that comes late finds the case closed");
        _scene.Account.Balance.Should().Be(new UsdTicks(400));
        _scene.Ledger[^2].Should().BeEquivalentTo(new { Kind = LedgerEntryKind.HoldSettled, CostSource = CostSource.Operator, Actor = "tests", Note = "a note" });
    }

    [Fact]
    public void Case_Waived_IsClosedForGood()
    {
        var id = _scene.Case(100);

        _scene.Resolve(id, null).Should().Be(new ResolveCaseReply { Outcome = ResolveOutcome.Done, Available = new UsdTicks(1_000) });

        _scene.Resolve(id, null).Outcome.Should().Be(ResolveOutcome.Done);
        _scene.Resolve(id, 10).Outcome.Should().Be(ResolveOutcome.Conflict);
        _scene.Settle(id, 10).Outcome.Should().Be(SettleOutcome.Released);
        _scene.Account.View().Should().BeEquivalentTo(new { OpenCases = 0, Balance = new UsdTicks(1_000), Held = UsdTicks.Zero });
        _scene.Now = AccountScene.Start.AddDays(1);
        _scene.Settle(_scene.Hold(1), 1);
        _scene.Resolve(id, null).Outcome.Should().Be(ResolveOutcome.UnknownCase, "ended ids are not remembered for ever");
    }

    [Fact]
    public void Case_UnknownOrStillAHold_IsNotResolved()
    {
        var open = _scene.Hold(5);

        _scene.Resolve(open, 5).Outcome.Should().Be(ResolveOutcome.UnknownCase);
        _scene.Resolve(_scene.NewId(), null).Outcome.Should().Be(ResolveOutcome.UnknownCase);
        new KeyAccount().ResolveCase(new ResolveCase { Id = open, Actor = "tests" }, AccountScene.Start, []).Outcome.Should().Be(ResolveOutcome.UnknownKey);
        _scene.Account.OpenHoldCount.Should().Be(1);
    }

    [Fact]
    public void Pages_OfHoldsAndCases_AreWholeInOrderAndEnd()
    {
        var cases = Enumerable.Range(0, 3).Select(_ => _scene.Case(7)).ToList();
        var holds = Enumerable.Range(0, 5).Select(_ => _scene.Hold(9)).ToList();

        var first = _scene.Account.Holds(null, 3)!;
        var second = _scene.Account.Holds(first.Next, 3)!;

        first.Holds.Concat(second.Holds).Select(static hold => hold.Id).Should().Equal(holds);
        second.Next.Should().BeNull();
        first.Holds[0].Should().Be(new HoldView
        {
            Id = holds[0],
            Amount = new UsdTicks(9),
            PlacedAt = AccountScene.Start,
            Deadline = AccountScene.Start + AccountScene.Lifetime,
            Model = "xai/grok-4.3",
            Endpoint = "/v1/responses",
        });
        _scene.Account.Cases(null, 10)!.Cases.Select(static open => open.Id).Should().Equal(cases);
        _scene.Account.Cases(cases[1], 10)!.Cases.Single().Should().Be(new CaseView
        {
            Id = cases[2],
            Hold = new UsdTicks(7),
            PlacedAt = AccountScene.Start,
            OpenedAt = AccountScene.Start,
            Reason = "connection lost",
            Model = "xai/grok-4.3",
            Endpoint = "/v1/responses",
        });
        new KeyAccount().Holds(null, 1).Should().BeNull();
        new KeyAccount().Cases(null, 1).Should().BeNull();
    }
}
