using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using static LlmTr.Grains.Abstractions.BudgetPeriod;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class BudgetTests
{
    private readonly AccountScene _scene = new(1_000_000);

    [Fact]
    public void Budget_OfHoldsAndCharges_IsNeverPassedByAHold()
    {
        Limit(100, Day);
        var one = _scene.Hold(60);
        Place(41).Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.BudgetExceeded, BudgetLeft = new UsdTicks(40) });

        _scene.Settle(one, 20);

        _scene.Account.View()!.BudgetUsed.Should().Be(new UsdTicks(20));
        Place(81).Outcome.Should().Be(PlaceHoldOutcome.BudgetExceeded);
        Place(80).Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.Granted, BudgetLeft = UsdTicks.Zero });
    }

    [Fact]
    public void Budget_OfReleasedExpiredAndLostHolds_ComesBack()
    {
        Limit(100, Day);
        _scene.Release(_scene.Hold(100));
        _scene.Report(_scene.Hold(100));
        _scene.Hold(100);
        _scene.Now = AccountScene.Start.AddMinutes(3);

        Place(100).Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Budget_OfASettledCase_CountsInThePeriodOfItsHold()
    {
        Limit(100, Day);
        var today = _scene.Case(50);
        _scene.Resolve(today, 30);
        _scene.Account.View()!.BudgetUsed.Should().Be(new UsdTicks(30));

        var late = _scene.Case(50);
        _scene.Now = AccountScene.Start.AddDays(1);
        _scene.Resolve(late, 30);

        _scene.Account.View(_scene.Now)!.BudgetUsed.Should().Be(UsdTicks.Zero);
    }

    [Fact]
    public void Budget_OfAChargeAfterMidnight_CountsInTheDayOfItsHold()
    {
        Limit(100, Day);
        _scene.Now = new DateTimeOffset(2030, 1, 2, 23, 59, 59, TimeSpan.Zero);
        var yesterday = _scene.Hold(90);
        _scene.Now = new DateTimeOffset(2030, 1, 3, 0, 0, 0, TimeSpan.Zero);
        var today = _scene.Hold(10);

        _scene.Settle(yesterday, 85);

        _scene.Account.View()!.BudgetUsed.Should().Be(new UsdTicks(10));
        _scene.Settle(today, 4);
        _scene.Account.View()!.BudgetUsed.Should().Be(new UsdTicks(4));
    }

    [Fact]
    public void Budget_OverrunByATrueCost_LeavesNothingAndRefusesTheNext()
    {
        Limit(100, Day);
        _scene.Settle(_scene.Hold(90), 500);

        _scene.Account.View()!.BudgetUsed.Should().Be(new UsdTicks(500));
        Place(1).Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.BudgetExceeded, BudgetLeft = UsdTicks.Zero });
    }

    [Theory]
    [InlineData(Day, "2030-01-02T23:59:59.999Z", "2030-01-03T00:00:00Z")]
    [InlineData(Week, "2030-01-06T23:59:59.999Z", "2030-01-07T00:00:00Z")]
    [InlineData(Month, "2030-01-31T23:59:59.999Z", "2030-02-01T00:00:00Z")]
    public void Period_InUtc_EndsWhereTheNextBegins(BudgetPeriod period, string last, string next)
    {
        // The second of January 2030 is a Wednesday.
        Limit(100, period);
        _scene.Settle(_scene.Hold(100), 100);
        var end = DateTimeOffset.Parse(next, null);

        _scene.Now = DateTimeOffset.Parse(last, null);
        Place(1).Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.BudgetExceeded, RetryAfter = TimeSpan.FromMilliseconds(1) });
        _scene.Account.View(_scene.Now)!.BudgetResetsAt.Should().Be(end);
        _scene.Now = end;
        Place(100).Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Budget_SetInMidMonth_KnowsWhatTheMonthHasCost()
    {
        _scene.Settle(_scene.Hold(70), 70);
        _scene.Now = AccountScene.Start.AddDays(10);
        _scene.Settle(_scene.Hold(20), 20);

        Limit(100, Month);

        _scene.Account.View()!.BudgetUsed.Should().Be(new UsdTicks(90));
        Limit(100, Day);
        _scene.Account.View()!.BudgetUsed.Should().Be(new UsdTicks(20));
    }

    [Fact]
    public void Grant_WhereTheGatewayChooses_IsAShareOfTheBudgetLeft()
    {
        Limit(100, Day);

        _scene.Place(_scene.NewId(), 1, 1000, divisor: 4).Granted.Should().Be(new UsdTicks(25));
        _scene.Place(_scene.NewId(), 1, 1000).Granted.Should().Be(new UsdTicks(75));
    }

    [Fact]
    public void RetryAfter_OfARequestAboveTheWholeBudget_IsNotTold()
    {
        Limit(100, Day);

        Place(101).Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.BudgetExceeded, RetryAfter = (TimeSpan?)null });
    }

    [Fact]
    public void Debit_OfAnyAmount_IsNoSpending()
    {
        Limit(100, Day);

        _scene.Debit("d", 500);

        _scene.Account.View()!.BudgetUsed.Should().Be(UsdTicks.Zero);
    }

    private PlaceHoldReply Place(long amount) => _scene.Place(_scene.NewId(), amount, amount);

    private void Limit(long amount, BudgetPeriod period) => _scene.Limit(new KeyLimits { Budget = new KeyBudget { Amount = new UsdTicks(amount), Period = period } });
}
