using CsCheck;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class GrantTests
{
    [Theory]
    [InlineData(1000, 10, 100, 1, 100)]
    [InlineData(1000, 10, 1000, 1, 1000)]
    [InlineData(1000, 10, 5000, 1, 1000)]
    [InlineData(1000, 10, 5000, 4, 250)]
    [InlineData(1000, 10, 200, 4, 200)]
    [InlineData(1003, 10, 5000, 4, 250)]
    [InlineData(1000, 400, 5000, 4, 400)]
    [InlineData(1000, 1000, 5000, 4, 1000)]
    [InlineData(1000, 1000, 1000, int.MaxValue, 1000)]
    [InlineData(long.MaxValue, 1, long.MaxValue, 1, long.MaxValue)]
    [InlineData(3, 1, long.MaxValue, int.MaxValue, 1)]
    public void PlaceHold_ThatIsCovered_TakesTheMostWithinItsShareButNeverLessThanTheLeast(long available, long least, long most, int divisor, long granted)
    {
        var scene = new AccountScene(available);

        var reply = scene.Place(scene.NewId(), least, most, divisor);

        reply.Should().Be(new PlaceHoldReply
        {
            Outcome = PlaceHoldOutcome.Granted,
            Granted = new UsdTicks(granted),
            Available = new UsdTicks(available - granted),
        });
        scene.Account.Held.Value.Should().Be(granted);
        scene.Account.Balance.Value.Should().Be(available);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(99, 100)]
    [InlineData(long.MaxValue - 1, long.MaxValue)]
    public void PlaceHold_WhoseLeastIsNotAvailable_IsRefusedAndWritesNothing(long available, long least)
    {
        var scene = new AccountScene(available);
        var seq = scene.Account.Seq;

        var reply = scene.Place(scene.NewId(), least, least);

        reply.Should().Be(new PlaceHoldReply { Outcome = PlaceHoldOutcome.InsufficientBalance, Available = new UsdTicks(available) });
        scene.Account.Seq.Should().Be(seq);
    }

    [Fact]
    public void PlaceHold_OfWhatOtherHoldsHave_IsRefusedUntilOneEnds()
    {
        var scene = new AccountScene(100);
        var first = scene.Hold(60);
        var second = scene.NewId();

        scene.Place(second, 41, 41).Outcome.Should().Be(PlaceHoldOutcome.InsufficientBalance);
        scene.Settle(first, 59);

        scene.Place(second, 41, 41).Outcome.Should().Be(PlaceHoldOutcome.Granted, "a refusal is not remembered: the same id may ask again");
    }

    [Fact]
    public void PlaceHold_RepeatedWithOtherAmounts_GivesTheFirstGrant()
    {
        var scene = new AccountScene(1000);
        var id = scene.Hold(100);

        var repeat = scene.Place(id, 1, 900);

        repeat.Should().Be(new PlaceHoldReply { Outcome = PlaceHoldOutcome.Granted, Granted = new UsdTicks(100), Available = new UsdTicks(900) });
    }

    [Fact]
    public void PlaceHold_OnManySmallShares_NeverHoldsMoreThanTheBalance()
    {
        var scene = new AccountScene(1_000_000);

        for (var i = 0; i < 60; i++)
            scene.Place(scene.NewId(), 256, 1_000_000, divisor: 4);

        scene.Account.OpenHoldCount.Should().BeGreaterThan(20, "a quarter of what is left leaves room for many");
        scene.Account.Held.Should().BeLessThanOrEqualTo(scene.Account.Balance);
        scene.Account.Available.Value.Should().BeLessThan(256);
    }

    [Fact]
    public void PlaceHold_WithAnotherSecret_IsUnauthenticatedWhateverElseIsTrue()
    {
        var scene = new AccountScene(1000);
        var open = scene.Hold(100);
        var other = SecretHash.Of("another secret"u8);

        foreach (var (id, least) in new[] { (open, 1L), (scene.NewId(), 1L), (scene.NewId(), 5000L), (RequestIds.Make(scene.Now.AddHours(-1), 99), 1L) })
            scene.Place(id, least, least, secret: other).Should().Be(new PlaceHoldReply { Outcome = PlaceHoldOutcome.Unauthenticated }, "no amount may leak");
        scene.Account.OpenHoldCount.Should().Be(1);
    }

    [Fact]
    public void PlaceHold_OnAKeyThatWasNeverIssued_IsUnauthenticatedForEverySecret()
    {
        var account = new KeyAccount();
        var entries = new List<LedgerEntry>();

        foreach (var secret in new[] { default, AccountScene.Secret })
        {
            account.PlaceHold(AccountScene.Command(RequestIds.Make(AccountScene.Start, 1), 1, 1, secret: secret), AccountScene.Start, entries)
                .Outcome.Should().Be(PlaceHoldOutcome.Unauthenticated);
        }

        entries.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(-1, 1, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(1, 1, -1, 1)]
    [InlineData(1, 1, 1, 0)]
    [InlineData(1, 1, 1, -1)]
    [InlineData(1, 1, 1, long.MaxValue)]
    public void PlaceHold_ThatContradictsItself_IsAnArgumentErrorAndWritesNothing(long least, long most, int divisor, long lifetimeTicks)
    {
        var scene = new AccountScene(1000);

        var place = () => scene.Place(scene.NewId(), least, most, divisor, TimeSpan.FromTicks(lifetimeTicks));

        place.Should().Throw<ArgumentException>();
        scene.Account.OpenHoldCount.Should().Be(0);
    }

    [Fact]
    public void PlaceHold_AnyAmounts_GrantsBetweenLeastAndMostAndWithinTheShare() =>
        Gen.Select(Gen.Long[0, 10_000], Gen.Long[1, 12_000], Gen.Long[0, 12_000], Gen.Int[1, 10]).Sample(static (available, least, more, divisor) =>
        {
            var scene = new AccountScene(available);

            var reply = scene.Place(scene.NewId(), least, least + more, divisor);

            (reply.Outcome == PlaceHoldOutcome.Granted).Should().Be(least <= available);
            if (reply.Outcome != PlaceHoldOutcome.Granted)
                return;
            reply.Granted.Value.Should().BeInRange(least, least + more);
            reply.Granted.Value.Should().BeLessThanOrEqualTo(Math.Max(least, available / divisor));
            if (reply.Granted.Value < least + more)
                reply.Granted.Value.Should().Be(Math.Max(least, available / divisor), "less than the most is granted only where the share ends");
        }, iter: 2_000);
}
