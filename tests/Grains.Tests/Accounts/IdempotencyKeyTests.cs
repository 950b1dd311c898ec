using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class IdempotencyKeyTests
{
    private readonly AccountScene _scene = new(1_000);

    [Fact]
    public void Repeat_WhileTheFirstIsOpen_IsToldItsId()
    {
        var first = Place("k", "b");

        var again = Place("k", "b");

        again.Reply.Outcome.Should().Be(PlaceHoldOutcome.IdempotentRepeat);
        again.Reply.First.Should().Be(new FirstRequest { Id = first.Id });
        _scene.Account.OpenHoldCount.Should().Be(1);
    }

    [Fact]
    public void Repeat_AfterTheFirstWasCharged_IsToldStatusAndCost()
    {
        var first = Place("k", "b");
        _scene.Settle(first.Id, 7);

        Place("k", "b").Reply.First.Should().Be(new FirstRequest { Id = first.Id, StatusCode = 200, Charged = new UsdTicks(7), HasEnded = true });
        Place("k", "other").Reply.Should().BeEquivalentTo(new { Outcome = PlaceHoldOutcome.IdempotencyConflict, First = new { first.Id } });
        Place("other", "b").Reply.Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Repeat_AfterTheFirstCostNothing_RunsAnew()
    {
        _scene.Release(Place("k", "b").Id);

        Place("k", "another body").Reply.Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Repeat_AfterTheFirstWasLost_IsNotRunAgainEvenWhenItsCaseIsWaived()
    {
        var lost = Place("k", "b");
        _scene.Report(lost.Id);
        Place("k", "b").Reply.First.Should().Be(new FirstRequest { Id = lost.Id, StatusCode = 502, HasEnded = true });

        _scene.Resolve(lost.Id, null);

        Place("k", "b").Reply.Outcome.Should().Be(PlaceHoldOutcome.IdempotentRepeat);
    }

    [Fact]
    public void Repeat_AfterItsCaseWasSettled_IsToldTheCharge()
    {
        var lost = Place("k", "b");
        _scene.Report(lost.Id);
        _scene.Resolve(lost.Id, 9);

        Place("k", "b").Reply.First.Should().Be(new FirstRequest { Id = lost.Id, StatusCode = 502, Charged = new UsdTicks(9), HasEnded = true });
    }

    [Fact]
    public void Key_IsRememberedFor24Hours()
    {
        _scene.Settle(Place("k", "b").Id, 1);

        _scene.Now = AccountScene.Start.AddHours(24).AddMilliseconds(-1);
        Place("k", "b").Reply.Outcome.Should().Be(PlaceHoldOutcome.IdempotentRepeat);
        _scene.Now = AccountScene.Start.AddHours(24);
        var anew = Place("k", "c");
        anew.Reply.Outcome.Should().Be(PlaceHoldOutcome.Granted);
        Place("k", "c").Reply.First!.Id.Should().Be(anew.Id);
    }

    [Fact]
    public void Refusal_ForAnyOtherReason_RemembersNoKey()
    {
        _scene.Limit(new KeyLimits { MaxConcurrent = 1 });
        var open = _scene.Hold(1);
        Place("k", "b").Reply.Outcome.Should().Be(PlaceHoldOutcome.RateLimited);
        _scene.Release(open);

        Place("k", "c").Reply.Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Key_WithoutABody_IsAnArgumentError()
    {
        var place = () => _scene.Place(AccountScene.Command(_scene.NewId(), 1, 1) with { IdempotencyKey = Fingerprint.Of("k"u8) });

        place.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Fingerprint_AsText_ReadsBack()
    {
        var fingerprint = Fingerprint.Of("abc"u8);

        // The first half of the SHA-256 that FIPS 180-2 gives for "abc".
        fingerprint.ToString().Should().Be("ba7816bf8f01cfea414140de5dae2223");
        Fingerprint.Parse(fingerprint.ToString()).Should().Be(fingerprint);
        foreach (var text in new[] { "", "ba", "ga7816bf8f01cfea414140de5dae2223", "ba7816bf8f01cfea414140de5dae22230" })
        {
            var parse = () => Fingerprint.Parse(text);
            parse.Should().Throw<FormatException>();
        }
    }

    private (RequestId Id, PlaceHoldReply Reply) Place(string key, string body)
    {
        var id = _scene.NewId();
        return (id, _scene.Place(AccountScene.Command(id, 10, 10).WithIdempotencyKey(key, body)));
    }
}
