using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class SettlementTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(99, 99, 0)]
    [InlineData(100, 100, 0)]
    [InlineData(101, 101, 0)]
    [InlineData(500, 500, 0)]
    [InlineData(501, 500, 1)]
    [InlineData(2000, 500, 1500)]
    [InlineData(long.MaxValue, 500, long.MaxValue - 500)]
    public void Settle_ChargesTheHoldFirstThenWhatIsAvailableThenBooksAnOverrun(long cost, long charged, long overrun)
    {
        // 1000, of which another request holds 500: the hold of 100 and the 400 available can be charged.
        var scene = new AccountScene(1000);
        scene.Hold(500);
        var id = scene.Hold(100);

        var reply = scene.Settle(id, cost);

        reply.Should().Be(new SettleReply
        {
            Outcome = SettleOutcome.Settled,
            Charged = new UsdTicks(charged),
            Overrun = new UsdTicks(overrun),
            Available = new UsdTicks(500 - charged),
        });
        scene.Account.Balance.Value.Should().Be(1000 - charged);
        scene.Account.Held.Value.Should().Be(500, "another request's hold is never touched");
        scene.Account.View().Should().BeEquivalentTo(new { SettledRequests = 1L, Charged = new UsdTicks(charged), Overruns = new UsdTicks(overrun) });
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1_000_000_000_001)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Settle_WithCountsThatNoRequestCanHave_BooksTheChargeWithoutThem(long tokens)
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(50);
        var facts = new RequestFacts { InputTokens = tokens, CachedTokens = tokens, OutputTokens = tokens, ReasoningTokens = tokens, StatusCode = 200, LatencyMs = 1 };

        scene.Do((account, now, entries) => account.Settle(AccountScene.Charge(id, 30) with { Facts = facts }, now, entries)).Outcome.Should().Be(SettleOutcome.Settled);

        scene.Ledger[^1].Should().BeEquivalentTo(new
        {
            Kind = LedgerEntryKind.HoldSettled,
            Amount = new UsdTicks(30),
            InputTokens = (long?)null,
            CachedTokens = (long?)null,
            OutputTokens = (long?)null,
            ReasoningTokens = (long?)null,
            StatusCode = (int?)200,
        });
    }

    [Fact]
    public void Settle_WithTheLargestCounts_BooksThem()
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(50);
        var facts = new RequestFacts { InputTokens = 1_000_000_000_000, OutputTokens = 0, StatusCode = 200, LatencyMs = 1 };

        scene.Do((account, now, entries) => account.Settle(AccountScene.Charge(id, 30) with { Facts = facts }, now, entries));

        (scene.Ledger[^1].InputTokens, scene.Ledger[^1].OutputTokens).Should().Be((1_000_000_000_000, 0));
    }

    [Fact]
    public void Settle_WithAnOverrun_WritesBothEntriesWithTheTrueCost()
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(40);

        scene.Settle(id, 130);

        scene.Ledger.TakeLast(2).Should().BeEquivalentTo(
            new[]
            {
                new LedgerEntry
                {
                    Seq = 4, At = AccountScene.Start, Kind = LedgerEntryKind.HoldSettled, RequestId = id, Amount = new UsdTicks(100), Balance = UsdTicks.Zero,
                    Held = UsdTicks.Zero, Hold = new UsdTicks(40), Cost = new UsdTicks(130), CostSource = CostSource.Provider, Model = "xai/grok-4.3",
                    Endpoint = "/v1/responses", InputTokens = 11, CachedTokens = 3, OutputTokens = 7, ReasoningTokens = 5, StatusCode = 200, LatencyMs = 1234,
                },
                new LedgerEntry
                {
                    Seq = 5, At = AccountScene.Start, Kind = LedgerEntryKind.Overrun, RequestId = id, Amount = new UsdTicks(30), Balance = UsdTicks.Zero,
                    Held = UsdTicks.Zero, Model = "xai/grok-4.3", Endpoint = "/v1/responses",
                },
            },
            static options => options.WithStrictOrdering());
    }

    [Fact]
    public void Settle_RepeatedWithAnotherCost_AnswersTheFirstAmounts()
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(40);
        scene.Settle(id, 130);
        scene.Credit("more", 1000);

        scene.Settle(id, 7).Should().BeEquivalentTo(new { Outcome = SettleOutcome.Settled, Charged = new UsdTicks(100), Overrun = new UsdTicks(30) });

        scene.Account.Balance.Value.Should().Be(1000);
    }

    [Fact]
    public void Settle_AfterTheDeadline_ClosesTheCaseOnceFromWhatIsAvailable()
    {
        var scene = new AccountScene(100);
        var late = scene.Hold(40);
        scene.Now += AccountScene.Lifetime + TimeSpan.FromSeconds(1);
        var other = scene.Hold(90);
        scene.Account.View()!.OpenCases.Should().Be(1);

        var reply = scene.Settle(late, 40);

        reply.Should().BeEquivalentTo(new { Outcome = SettleOutcome.Settled, Charged = new UsdTicks(10), Overrun = new UsdTicks(30) },
            "its hold went back and another request has taken it since");
        scene.Ledger[^2].Hold.Should().BeNull("the hold ended before");
        scene.Account.View().Should().BeEquivalentTo(new { OpenCases = 0, Held = new UsdTicks(90), Balance = new UsdTicks(90) });
        scene.Settle(late, 40).Charged.Value.Should().Be(10);
        scene.Settle(other, 90).Charged.Value.Should().Be(90);
        scene.Account.View()!.SettledRequests.Should().Be(2);
    }

    [Fact]
    public void Settle_OfACaseAYearLater_StillChargesOnce()
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(40);
        scene.Report(id);
        scene.Now = scene.Now.AddYears(1);

        scene.Settle(id, 25).Charged.Value.Should().Be(25);
        scene.Settle(id, 25).Charged.Value.Should().Be(25);

        scene.Account.Balance.Value.Should().Be(75);
    }

    [Fact]
    public void Settle_AtZeroCost_IsASettledRequestAndReturnsTheHold()
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(40);

        scene.Settle(id, 0).Should().BeEquivalentTo(new { Outcome = SettleOutcome.Settled, Available = new UsdTicks(100) });

        scene.Account.View().Should().BeEquivalentTo(new { SettledRequests = 1L, OpenHolds = 0, Charged = UsdTicks.Zero });
    }

    [Fact]
    public void Settle_ANegativeCost_IsAnArgumentErrorAndWritesNothing()
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(40);

        var settle = () => scene.Settle(id, -1);

        settle.Should().Throw<ArgumentException>();
        scene.Account.OpenHoldCount.Should().Be(1);
    }

    [Fact]
    public void Settle_WhoseOverrunCannotBeAddedUp_IsAnArgumentErrorAndLeavesTheAccountWhole()
    {
        var scene = new AccountScene(100);
        scene.Settle(scene.Hold(10), long.MaxValue);
        var id = RequestIds.Make(scene.Now, 77);
        scene.Credit("more", 10);
        scene.Place(id, 10, 10);

        var settle = () => scene.Settle(id, long.MaxValue);

        settle.Should().Throw<ArgumentException>();
        scene.Account.OpenHoldCount.Should().Be(1);
        scene.Settle(id, 10).Outcome.Should().Be(SettleOutcome.Settled);
    }

    [Fact]
    public void Deadline_ItsVeryMillisecond_IsNotPastIt()
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(40);

        scene.Now += AccountScene.Lifetime;
        scene.Do(static (_, _, _) => 0);
        scene.Account.OpenHoldCount.Should().Be(1);

        scene.Now += TimeSpan.FromMilliseconds(1);
        scene.Do(static (_, _, _) => 0);
        scene.Account.OpenHoldCount.Should().Be(0);
        scene.Ledger[^1].Should().BeEquivalentTo(new { Kind = LedgerEntryKind.HoldExpired, RequestId = id, Amount = new UsdTicks(40), Held = UsdTicks.Zero });
    }

    [Fact]
    public void Deadline_OfALifetimeWithAFractionOfAMillisecond_IsWhatTheLedgerSays()
    {
        var scene = new AccountScene(100);
        scene.Place(scene.NewId(), 1, 1, lifetime: TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond + 1));

        var placed = scene.Ledger[^1];

        LedgerLine.Decode(LedgerLine.Encode(placed, LedgerLine.GenesisHash)).Deadline.Should().Be(placed.Deadline);
    }

    [Fact]
    public void Deadline_OfManyHolds_ExpiresEachOnceInTheOrderOfTheirDeadlines()
    {
        var scene = new AccountScene(100);
        var ids = Enumerable.Range(0, 5).Select(_ => scene.NewId()).ToArray();
        foreach (var i in new[] { 3, 0, 4, 1, 2 })
            scene.Place(ids[i], 10, 10, lifetime: TimeSpan.FromSeconds(10 * (i + 1)));

        scene.Now += TimeSpan.FromSeconds(41);
        scene.Release(ids[4]).Should().Be(EndHoldOutcome.Ended);

        scene.Ledger.Where(static entry => entry.Kind == LedgerEntryKind.HoldExpired).Select(static entry => entry.RequestId!.Value).Should().Equal(ids[..4]);
        scene.Account.View().Should().BeEquivalentTo(new { OpenCases = 4, OpenHolds = 0, Held = UsdTicks.Zero, Balance = new UsdTicks(100) });
    }
}
