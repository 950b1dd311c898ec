using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Repeats;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>Ids carry their age: what is older than the memory is refused, so that forgetting is safe.</summary>
public sealed class IdMemoryTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static TheoryData<TimeSpan, PlaceHoldOutcome> Ages => new()
    {
        { TimeSpan.Zero, PlaceHoldOutcome.Granted },
        { KeyAccount.MaxIdAge, PlaceHoldOutcome.Granted },
        { KeyAccount.MaxIdAge + Millisecond, PlaceHoldOutcome.TooOld },
        { TimeSpan.FromDays(3650), PlaceHoldOutcome.TooOld },
        { -KeyAccount.MaxIdAge, PlaceHoldOutcome.Granted },
        { -KeyAccount.MaxIdAge - Millisecond, PlaceHoldOutcome.TooOld },
        { TimeSpan.FromDays(-3650), PlaceHoldOutcome.TooOld },
    };

    [Theory]
    [MemberData(nameof(Ages))]
    public void PlaceHold_ByTheAgeOfItsId_IsGrantedOnlyWithinFiveMinutes(TimeSpan age, PlaceHoldOutcome outcome)
    {
        var scene = new AccountScene(100);

        scene.Place(RequestIds.Make(scene.Now - age, 1), 10, 10).Outcome.Should().Be(outcome);
    }

    [Fact]
    public void PlaceHold_WithAnIdOfNoTime_IsTooOld() =>
        new AccountScene(100).Place(default, 10, 10).Outcome.Should().Be(PlaceHoldOutcome.TooOld);

    [Fact]
    public void PlaceHold_RepeatedForAnOpenHoldOfAnOldId_IsStillGranted()
    {
        var scene = new AccountScene(100);
        var id = scene.NewId();
        scene.Place(id, 10, 10, lifetime: TimeSpan.FromHours(2));
        scene.Now += TimeSpan.FromHours(1);

        scene.Place(id, 10, 10).Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    // An id ends at any moment of its life; whenever its PlaceHold comes again, memory or age must refuse it.
    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    [InlineData(-300_000)]
    [InlineData(-1)]
    public void PlaceHold_OfAnEndedIdAtAnyLaterMoment_IsNeverGrantedAgain(int ageWhenPlacedMs)
    {
        foreach (var endsAfter in new[] { TimeSpan.Zero, Millisecond, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(30) })
        {
            foreach (var comesAfter in Enumerable.Range(0, 60).Select(static half => TimeSpan.FromSeconds(30 * half)))
            {
                var scene = new AccountScene(100);
                var id = RequestIds.Make(scene.Now - TimeSpan.FromMilliseconds(ageWhenPlacedMs), 1_000_000);
                scene.Place(id, 10, 10, lifetime: TimeSpan.FromDays(1)).Outcome.Should().Be(PlaceHoldOutcome.Granted);
                scene.Now += endsAfter;
                scene.Settle(id, 5);
                scene.Now += comesAfter;

                // Another end lets the memory forget what it may forget.
                scene.Settle(scene.Hold(1), 0);

                scene.Place(id, 10, 10).Outcome.Should().NotBe(PlaceHoldOutcome.Granted, $"it ended {endsAfter} after its hold and came again {comesAfter} later");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    [InlineData(-300_000)]
    [InlineData(-301_000)]
    [InlineData(-400_000)]
    public void Release_OfAnUnknownHold_BlocksItsLatePlaceHold(int ageMs)
    {
        foreach (var late in Enumerable.Range(0, 130).Select(static i => TimeSpan.FromSeconds(5 * i)))
        {
            var scene = new AccountScene(100);
            var id = RequestIds.Make(scene.Now - TimeSpan.FromMilliseconds(ageMs), 1_000_000);
            scene.Release(id).Should().Be(EndHoldOutcome.Ended);
            scene.Now += late;
            scene.Release(scene.Hold(1));

            scene.Place(id, 10, 10).Outcome.Should().NotBe(PlaceHoldOutcome.Granted, $"it was released before, and came {late} later");
        }
    }

    [Theory]
    [InlineData(301)]
    [InlineData(86_400)]
    [InlineData(-86_400)]
    public void Release_OfAnUnknownHoldWhoseIdIsFarFromNow_WritesNothing(int ageSeconds)
    {
        var scene = new AccountScene(100);

        scene.Release(RequestIds.Make(scene.Now.AddSeconds(-ageSeconds), 1)).Should().Be(EndHoldOutcome.UnknownHold);

        scene.Account.EndedHoldCount.Should().Be(0);
        scene.Ledger.Should().HaveCount(2);
    }

    [Fact]
    public void Release_OnAKeyThatWasNeverIssued_WritesNothing()
    {
        var entries = new List<LedgerEntry>();

        new KeyAccount().Release(AccountScene.Freeing(RequestIds.Make(AccountScene.Start, 1)), AccountScene.Start, entries).Should().Be(EndHoldOutcome.UnknownHold);

        entries.Should().BeEmpty();
    }

    [Fact]
    public void EndedIds_UnderSteadyLoad_AreBoundedByTimeAndNotByCount()
    {
        var scene = new AccountScene(1_000_000);

        for (var i = 0; i < 20_000; i++)
        {
            scene.Now += TimeSpan.FromSeconds(1);
            scene.Settle(scene.Hold(10), 1);
            scene.Account.EndedHoldCount.Should().BeLessThanOrEqualTo(422, "one a second, remembered for six minutes and the rest of one");
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(30_000)]
    public void EndedIds_UnderSteadyLoad_AreThoseOfSevenMinutesAtMost_AndTakeFewBytesEach(int perSecond)
    {
        var ended = new EndedHolds();
        var (mostIds, mostBytes) = (0, 0L);
        for (var second = 0; second < 440; second++)
        {
            var now = AccountScene.Start.AddSeconds(second);
            for (var i = 0; i < perSecond; i++)
                ended.Add(RequestIds.Make(now, i), new EndedHold(LedgerEntryKind.HoldSettled, new LlmTr.Money.UsdTicks(i), LlmTr.Money.UsdTicks.Zero), now);
            (mostIds, mostBytes) = (Math.Max(mostIds, ended.Count), Math.Max(mostBytes, ended.Bytes));
        }

        mostIds.Should().BeInRange(6 * 60 * perSecond, 7 * 60 * perSecond);
        (mostBytes / mostIds).Should().BeLessThan(40, "at 30,000 a second that is at most 12,600,000 ids in 500 MB");
    }

    [Fact]
    public void EndedIds_FromAClockThatRunsAhead_AreForgottenTooInTheEnd()
    {
        var scene = new AccountScene(1_000_000);

        for (var i = 0; i < 5_000; i++)
        {
            scene.Now += TimeSpan.FromSeconds(1);
            var ahead = RequestIds.Make(scene.Now.AddMinutes(i % 2 == 0 ? 5 : 9), i);
            scene.Place(ahead, 10, 10);
            scene.Release(ahead);
            scene.Account.EndedHoldCount.Should().BeLessThanOrEqualTo(17 * 60);
        }
    }

    [Fact]
    public void EndedId_OfACaseThatIsClosedLate_IsRememberedFromItsClosing()
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(10);
        scene.Report(id);
        scene.Now += TimeSpan.FromMinutes(5);
        scene.Settle(id, 3);

        // The memory of the report ends here, that of the settlement must not.
        scene.Now += TimeSpan.FromMinutes(5);
        scene.Release(scene.Hold(1));

        scene.Settle(id, 3).Should().BeEquivalentTo(new { Outcome = SettleOutcome.Settled, Charged = new LlmTr.Money.UsdTicks(3) });
    }
}
