using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Repeats;
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
    public void Keys_OfRequestsThatCostNothing_TakeNoPlaceOfOthers()
    {
        var firsts = new FirstRequests(most: 10);
        var kept = Use(firsts, 0);

        // The one that is kept is older than all that are forgotten, so no place of theirs comes to the front by itself.
        for (var i = 1; i < 10_000; i++)
        {
            firsts.IsFull(AccountScene.Start).Should().BeFalse();
            firsts.Forget(Key(i), Use(firsts, i));
            firsts.Places.Should().BeLessThan(1100, "what is forgotten takes no memory for long");
        }

        firsts.Count.Should().Be(1);
        firsts.TryGet(Key(0), AccountScene.Start, out var first, out _).Should().BeTrue();
        first.Id.Should().Be(kept);
    }

    [Fact]
    public void Keys_UsedAndForgottenOverAndOver_AreRememberedFromTheirLastUse()
    {
        var firsts = new FirstRequests(most: 2);
        firsts.Forget(Key(1), Use(firsts, 1));
        Use(firsts, 2);
        var last = Use(firsts, 1, AccountScene.Start.AddHours(1), id: 7);
        firsts.IsFull(AccountScene.Start.AddHours(23)).Should().BeTrue();
        firsts.IsFull(AccountScene.Start.AddHours(24)).Should().BeFalse("the oldest gives its place up");

        var restored = new FirstRequests(most: 2);
        restored.Restore(firsts.Capture());
        foreach (var memory in new[] { firsts, restored })
        {
            Use(memory, 3, AccountScene.Start.AddHours(24));
            memory.Count.Should().Be(2);
            memory.TryGet(Key(2), AccountScene.Start.AddHours(24), out _, out _).Should().BeFalse();
            memory.TryGet(Key(1), AccountScene.Start.AddHours(24), out var first, out _).Should().BeTrue();
            first.Id.Should().Be(last);
        }
    }

    [Fact]
    public void Keys_AreAcceptedUpToAMillionIn24Hours_AndThenAgainAsTheOldestIsForgotten()
    {
        var firsts = new FirstRequests();
        for (var i = 0; i < FirstRequests.Most; i++)
        {
            if (firsts.IsFull(AccountScene.Start))
                Assert.Fail($"Full at {i} keys.");
            Use(firsts, i, AccountScene.Start.AddMilliseconds(i));
        }

        var day = AccountScene.Start.AddHours(24);
        firsts.IsFull(day.AddTicks(-1)).Should().BeTrue();
        firsts.IsFull(day).Should().BeFalse();
        Use(firsts, FirstRequests.Most, day);
        (firsts.Count, firsts.Places).Should().Be((FirstRequests.Most, FirstRequests.Most));
        firsts.IsFull(day).Should().BeTrue();
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

    private static Fingerprint Key(int number) => new((ulong)number, 1);

    private static RequestId Use(FirstRequests firsts, int key, DateTimeOffset? at = null, int? id = null)
    {
        var request = RequestIds.Make(AccountScene.Start, id ?? key);
        firsts.Add(Key(key), default, request, at ?? AccountScene.Start);
        return request;
    }

    private (RequestId Id, PlaceHoldReply Reply) Place(string key, string body)
    {
        var id = _scene.NewId();
        return (id, _scene.Place(AccountScene.Command(id, 10, 10).WithIdempotencyKey(key, body)));
    }
}
