using CsCheck;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class RateLimitTests
{
    private readonly AccountScene _scene = new(1_000_000);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void RequestsPerMinute_OfN_LetsExactlyNThroughAndTheNextAfterAMinute(int limit)
    {
        _scene.Limit(new KeyLimits { RequestsPerMinute = limit });

        var outcomes = Enumerable.Range(0, limit + 5).Select(_ => _scene.PlaceOne().Outcome).ToList();

        outcomes.Take(limit).Should().OnlyContain(static outcome => outcome == PlaceHoldOutcome.Granted);
        outcomes.Skip(limit).Should().OnlyContain(static outcome => outcome == PlaceHoldOutcome.RateLimited);
        _scene.Now = AccountScene.Start.AddSeconds(60).AddMilliseconds(999);
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.RateLimited, "a request counts for at least a whole minute");
        _scene.Now = AccountScene.Start.AddSeconds(61);
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void RequestsPerMinute_InEveryMinuteOfAnyTraffic_AreNeverExceededNorRefusedWithoutNeed() =>
        Gen.Select(Gen.Int[1, 5], Gen.Long[0, 20_000].Array[1, 200]).Sample(static (limit, pauses) =>
        {
            var scene = new AccountScene(1_000_000);
            scene.Limit(new KeyLimits { RequestsPerMinute = limit });
            var granted = new List<DateTimeOffset>();
            foreach (var pause in pauses)
            {
                scene.Now = scene.Now.AddMilliseconds(pause);
                var reply = scene.PlaceOne();
                var lastMinute = granted.Count(at => scene.Now - at < TimeSpan.FromSeconds(60));
                var counted = granted.Count(at => scene.Now - at <= TimeSpan.FromSeconds(61));
                if (reply.Outcome == PlaceHoldOutcome.Granted && lastMinute >= limit)
                    throw new InvalidOperationException("More than the limit within 60 s.");
                if (reply.Outcome == PlaceHoldOutcome.RateLimited && (counted < limit || reply.RetryAfter is not { } wait || wait <= TimeSpan.Zero))
                    throw new InvalidOperationException("Refused without need, or without a time to come again.");
                if (reply.Outcome == PlaceHoldOutcome.Granted)
                    granted.Add(scene.Now);
            }
        }, iter: 300);

    [Fact]
    public void RetryAfter_OfARefusal_IsTheFirstMomentThatTheSameRequestFits() =>
        Gen.Select(Gen.Long[1, 40], Gen.Select(Gen.Long[1, 40], Gen.Long[0, 9_000]).Array[1, 60]).Sample(static (limit, steps) =>
        {
            var scene = new AccountScene(1_000_000);
            scene.Limit(new KeyLimits { TokensPerMinute = limit });
            foreach (var (tokens, pause) in steps)
            {
                scene.Now = scene.Now.AddMilliseconds(pause);
                var reply = scene.PlaceTokens(tokens);
                if (tokens > limit != reply is { Outcome: PlaceHoldOutcome.RateLimited, RetryAfter: null })
                    throw new InvalidOperationException("Only what can never fit has no time to come again.");
                if (reply.RetryAfter is not { } wait)
                    continue;
                scene.Now = scene.Now.Add(wait).AddMilliseconds(-1);
                if (scene.PlaceTokens(tokens).Outcome != PlaceHoldOutcome.RateLimited)
                    throw new InvalidOperationException("It fits sooner than it was told.");
                scene.Now = scene.Now.AddMilliseconds(1);
                if (scene.PlaceTokens(tokens).Outcome != PlaceHoldOutcome.Granted)
                    throw new InvalidOperationException("It does not fit when it was told.");
            }
        }, iter: 300);

    [Fact]
    public void Status_AfterEachHold_CountsDownAndSaysWhenAllIsBack()
    {
        _scene.Limit(new KeyLimits { RequestsPerMinute = 3, TokensPerMinute = 100 });
        _scene.Account.View()!.Rate.Should().Be(new RateStatus { LimitRequests = 3, RemainingRequests = 3, LimitTokens = 100, RemainingTokens = 100 });

        var first = _scene.PlaceTokens(30);
        _scene.Now = AccountScene.Start.AddSeconds(20.25);
        var second = _scene.PlaceTokens(50);
        _scene.Now = AccountScene.Start.AddSeconds(30);
        var refused = _scene.PlaceTokens(21);

        first.Rate.Should().Be(new RateStatus
        {
            LimitRequests = 3,
            RemainingRequests = 2,
            ResetRequests = TimeSpan.FromSeconds(61),
            LimitTokens = 100,
            RemainingTokens = 70,
            ResetTokens = TimeSpan.FromSeconds(61),
        });
        second.Rate.Should().BeEquivalentTo(new { RemainingRequests = 1, RemainingTokens = 20L, ResetTokens = TimeSpan.FromSeconds(60.75) });
        refused.Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.RateLimited, Limit = KeyLimit.TokensPerMinute, RetryAfter = TimeSpan.FromSeconds(31) });
        refused.Rate.Should().BeEquivalentTo(new { RemainingRequests = 1, RemainingTokens = 20L, ResetRequests = TimeSpan.FromSeconds(51) });
    }

    [Fact]
    public void Tokens_OfASettledHold_CountAsReportedAndThoseOfAReleasedOneNotAtAll()
    {
        _scene.Limit(new KeyLimits { TokensPerMinute = 100 });
        var settled = _scene.NewId();
        _scene.Place(AccountScene.Command(settled, 1, 1).WithTokens(60, 60));
        var released = _scene.NewId();
        _scene.Place(AccountScene.Command(released, 1, 1).WithTokens(40, 40));
        _scene.PlaceTokens(1).Outcome.Should().Be(PlaceHoldOutcome.RateLimited);

        // 11 in and 7 out, as the scene's facts say.
        _scene.Settle(settled, 1);
        _scene.Account.View()!.Rate!.RemainingTokens.Should().Be(100 - 18 - 40);
        _scene.Release(released);
        _scene.Account.View()!.Rate!.RemainingTokens.Should().Be(100 - 18);
    }

    [Fact]
    public void Tokens_OfALostHold_StayReserved()
    {
        _scene.Limit(new KeyLimits { TokensPerMinute = 100 });
        var id = _scene.NewId();
        _scene.Place(AccountScene.Command(id, 1, 1).WithTokens(60, 60));

        _scene.Report(id);

        _scene.Account.View()!.Rate!.RemainingTokens.Should().Be(40);
    }

    [Fact]
    public void Tokens_MoreThanReserved_NeverShowAsLessThanNoneLeft()
    {
        _scene.Limit(new KeyLimits { TokensPerMinute = 20 });
        var id = _scene.NewId();
        _scene.Place(AccountScene.Command(id, 1, 1).WithTokens(5, 5));
        _scene.PlaceTokens(10);

        _scene.Settle(id, 1);

        _scene.Account.View()!.Rate!.RemainingTokens.Should().Be(0);
        _scene.PlaceTokens(1).Outcome.Should().Be(PlaceHoldOutcome.RateLimited);
    }

    [Theory]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, -5)]
    public void Settle_WithAbsurdTokenCounts_StillCharges(long input, long output)
    {
        _scene.Limit(new KeyLimits { TokensPerMinute = 20 });
        var id = _scene.NewId();
        _scene.Place(AccountScene.Command(id, 1, 1).WithTokens(5, 5));

        _scene.Do((account, now, entries) => account.Settle(
            AccountScene.Charge(id, 1) with { Facts = new RequestFacts { InputTokens = input, OutputTokens = output } }, now, entries)).Outcome.Should().Be(SettleOutcome.Settled);
    }

    [Fact]
    public void GrantedTokens_WhereTheGatewayChooses_AreAShareOfWhatIsLeft()
    {
        _scene.Limit(new KeyLimits { TokensPerMinute = 1000 });

        _scene.Place(AccountScene.Command(_scene.NewId(), 1, 1, divisor: 4).WithTokens(50, 100_000)).GrantedTokens.Should().Be(250);
        _scene.Place(AccountScene.Command(_scene.NewId(), 1, 1, divisor: 4).WithTokens(50, 60)).GrantedTokens.Should().Be(60);
        _scene.Place(AccountScene.Command(_scene.NewId(), 1, 1, divisor: 4).WithTokens(500, 600)).GrantedTokens.Should().Be(500);
    }

    [Fact]
    public void GrantedTokens_OfARepeat_AreTheSame()
    {
        _scene.Limit(new KeyLimits { TokensPerMinute = 1000, RequestsPerMinute = 1, MaxConcurrent = 1 });
        var command = AccountScene.Command(_scene.NewId(), 1, 1, divisor: 4).WithTokens(50, 100_000);

        var first = _scene.Place(command);
        var again = _scene.Place(command);

        again.Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.Granted, first.Granted, GrantedTokens = 250L });
        _scene.Account.View()!.Rate!.RemainingTokens.Should().Be(750);
    }

    [Fact]
    public void MaxConcurrent_OfN_LetsNStandOpenAndTheNextWhenOneEnds()
    {
        _scene.Limit(new KeyLimits { MaxConcurrent = 2 });
        var one = _scene.Hold(1);
        _scene.Hold(1);

        _scene.PlaceOne().Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.RateLimited, Limit = KeyLimit.MaxConcurrent });
        _scene.Settle(one, 1);
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.Granted);
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.RateLimited);
        _scene.Now = AccountScene.Start.AddHours(1);
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.Granted, "holds past their deadline are not in flight");
    }

    [Fact]
    public void Refusal_ForWantOfMoney_CountsNowhere()
    {
        _scene.Limit(new KeyLimits { RequestsPerMinute = 1 });

        _scene.Place(_scene.NewId(), 2_000_000, 2_000_000).Outcome.Should().Be(PlaceHoldOutcome.InsufficientBalance);

        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Models_OnAnAllowList_AreTheOnlyOnes()
    {
        _scene.Limit(new KeyLimits { Models = ["xai/grok-4.20-multi-agent", "xai/grok-4.3"] });
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.Granted);

        _scene.Limit(new KeyLimits { Models = ["xai/grok-4.20-multi-agent"] });
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.ModelNotAllowed);
    }

    [Fact]
    public void Limits_TakenAway_LimitNothing()
    {
        _scene.Limit(new KeyLimits { RequestsPerMinute = 1, MaxConcurrent = 1, Models = ["xai/other"] });
        _scene.Limit(KeyLimits.None);

        _scene.PlaceOne().Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.Granted, Rate = (RateStatus?)null });
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Limits_OutOfRange_AreArgumentErrors()
    {
        foreach (var limits in new KeyLimits[]
        {
            new() { RequestsPerMinute = 0 },
            new() { RequestsPerMinute = 1_000_001 },
            new() { TokensPerMinute = 0 },
            new() { MaxConcurrent = -1 },
            new() { Models = [] },
            new() { Models = [""] },
            new() { Models = ["a model"] },
            new() { Budget = new KeyBudget { Amount = UsdTicks.Zero, Period = BudgetPeriod.Day } },
            new() { Budget = new KeyBudget { Amount = new UsdTicks(1), Period = (BudgetPeriod)3 } },
        })
        {
            var change = () => _scene.Limit(limits);
            change.Should().Throw<ArgumentException>();
        }
    }
}
