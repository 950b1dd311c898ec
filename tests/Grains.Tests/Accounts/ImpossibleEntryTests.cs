using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;
using static LlmTr.Grains.Ledgers.LedgerEntryKind;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>A ledger that was tampered with, or a decision that was wrong, must stop the account and never become money.</summary>
public sealed class ImpossibleEntryTests
{
    private static readonly RequestId Unknown = RequestIds.Make(AccountScene.Start, 1_000);

    private readonly AccountScene _scene = new(1000);
    private readonly RequestId _open;
    private readonly RequestId _settled;
    private readonly RequestId _released;
    private readonly RequestId _overrun;
    private readonly RequestId _case;

    public ImpossibleEntryTests()
    {
        _overrun = _scene.Hold(10);
        _scene.Settle(_overrun, 1010);
        _scene.Credit("again", 1000);
        _settled = _scene.Hold(10);
        _released = _scene.Hold(10);
        _case = _scene.Hold(10);
        _open = _scene.Hold(100);
        _scene.Settle(_settled, 10);
        _scene.Release(_released);
        _scene.Report(_case);
    }

    [Fact]
    public void Apply_AWrongSequenceNumber_IsRefused()
    {
        foreach (var seq in new[] { 0, 1, _scene.Account.Seq, _scene.Account.Seq + 2, -1, long.MaxValue })
            ShouldRefuse(Credited(5) with { Seq = seq });
    }

    [Fact]
    public void Apply_AnEntryOlderThanTheOneBefore_IsRefused() => ShouldRefuse(Credited(5) with { At = AccountScene.Start.AddMilliseconds(-1) });

    [Fact]
    public void Apply_ATotalThatDoesNotAddUp_IsRefused()
    {
        ShouldRefuse(Credited(5) with { Balance = _scene.Account.Balance });
        ShouldRefuse(Credited(5) with { Held = UsdTicks.Zero });
        ShouldRefuse(Placed(Unknown, 5) with { Held = _scene.Account.Held });
        ShouldRefuse(Settled(_open, 100, 5) with { Balance = _scene.Account.Balance });
        ShouldRefuse(Ended(HoldReleased, _open, 100) with { Held = _scene.Account.Held });
    }

    [Fact]
    public void Apply_ANegativeAmount_IsRefused()
    {
        ShouldRefuse(Credited(-5));
        ShouldRefuse(Placed(Unknown, -5));
        ShouldRefuse(Settled(_open, 100, -5));
        ShouldRefuse(Overrun(_settled, -5));
    }

    [Fact]
    public void Apply_AnAmountThatOverflows_IsRefused() =>
        ShouldRefuse(Credited(long.MaxValue) with { Balance = UsdTicks.MaxValue });

    [Fact]
    public void Apply_ACreditOfNothing_IsRefused() => ShouldRefuse(Credited(0));

    [Fact]
    public void Apply_ASecondIssue_IsRefused() => ShouldRefuse(Issued());

    [Fact]
    public void Apply_ACreditThatWasPostedBefore_IsRefused() => ShouldRefuse(Credited(5) with { CreditId = "credit:again" });

    [Fact]
    public void Apply_AHoldBeyondTheBalance_IsRefused() => ShouldRefuse(Placed(Unknown, 891));

    [Fact]
    public void Apply_AHoldOfNothing_IsRefused() => ShouldRefuse(Placed(Unknown, 0));

    [Fact]
    public void Apply_AHoldWhoseIdWasUsedBefore_IsRefused()
    {
        foreach (var id in new[] { _open, _settled, _released, _overrun, _case })
            ShouldRefuse(Placed(id, 5));
    }

    [Fact]
    public void Apply_AHoldThatEndsBeforeItBegins_IsRefused() => ShouldRefuse(Placed(Unknown, 5) with { Deadline = AccountScene.Start.AddMilliseconds(-1) });

    [Fact]
    public void Apply_ASettlementWithoutAnOpenHold_IsRefused()
    {
        foreach (var id in new[] { Unknown, _settled, _released, _overrun, _case })
            ShouldRefuse(Settled(id, 10, 5) with { Held = _scene.Account.Held });
    }

    [Fact]
    public void Apply_ASettlementWithoutAnOpenCase_IsRefused()
    {
        foreach (var id in new[] { Unknown, _open, _settled, _released, _overrun })
            ShouldRefuse(Settled(id, null, 5));
    }

    [Fact]
    public void Apply_ASettlementOfAnotherHoldAmount_IsRefused() => ShouldRefuse(Settled(_open, 99, 5));

    [Fact]
    public void Apply_AChargeAboveItsCost_IsRefused() => ShouldRefuse(Settled(_open, 100, 6) with { Cost = new UsdTicks(5) });

    [Fact]
    public void Apply_AChargeOfWhatOtherHoldsHave_IsRefused() => ShouldRefuse(Settled(_case, null, 891));

    [Fact]
    public void Apply_AnEndWithoutAnOpenHold_IsRefused()
    {
        foreach (var kind in new[] { HoldReleased, HoldExpired, Unreconciled })
        {
            foreach (var id in new[] { Unknown, _settled, _released, _overrun, _case })
                ShouldRefuse(Ended(kind, id, 10));
        }

        ShouldRefuse(Ended(HoldExpired, Unknown, 0));
        ShouldRefuse(Ended(Unreconciled, Unknown, 0));
    }

    [Fact]
    public void Apply_AnEndOfAnotherAmount_IsRefused()
    {
        foreach (var kind in new[] { HoldReleased, Unreconciled })
            ShouldRefuse(Ended(kind, _open, 99));
    }

    [Fact]
    public void Apply_AMarkOfAReleaseOverAnIdThatEndedBefore_IsRefused()
    {
        foreach (var id in new[] { _settled, _released, _overrun, _case })
            ShouldRefuse(Ended(HoldReleased, id, 0));
    }

    [Fact]
    public void Apply_AnExpiryBeforeTheDeadline_IsRefused()
    {
        ShouldRefuse(Ended(HoldExpired, _open, 100));
        ShouldRefuse(Ended(HoldExpired, _open, 100) with { At = AccountScene.Start + AccountScene.Lifetime });
    }

    [Fact]
    public void Apply_AnOverrunThatNoSettlementLeft_IsRefused()
    {
        foreach (var id in new[] { Unknown, _open, _released, _overrun, _case })
            ShouldRefuse(Overrun(id, 5));
        ShouldRefuse(Overrun(_settled, 0));
    }

    [Fact]
    public void Apply_WhateverIsNotTheOverrunThatASettlementLeft_IsRefused()
    {
        var settled = Settled(_open, 100, 890) with { Cost = new UsdTicks(1000) };
        LedgerEntry Next(LedgerEntry entry) => entry with { Seq = settled.Seq + 1, Balance = settled.Balance, Held = settled.Held };
        KeyAccount Owing()
        {
            var account = Replayed();
            account.Apply(settled);
            return account;
        }

        foreach (var next in new[] { Overrun(_open, 109), Overrun(_open, 111), Overrun(_settled, 110), Ended(HoldReleased, Unknown, 0) })
            Owing().Invoking(account => account.Apply(Next(next))).Should().ThrowExactly<LedgerBrokenException>();
        var booked = Owing();
        booked.Apply(Next(Overrun(_open, 110)));
        booked.Invoking(account => account.Apply(Next(Overrun(_open, 110)) with { Seq = settled.Seq + 2 }))
            .Should().ThrowExactly<LedgerBrokenException>("it was booked");
        booked.View()!.Overruns.Value.Should().Be(1010 - 1000 + 110);
    }

    [Fact]
    public void Apply_AnythingBeforeTheIssue_IsRefused()
    {
        foreach (var entry in new[] { Credited(5), Ended(HoldReleased, Unknown, 0), Placed(Unknown, 0) })
        {
            var apply = () => new KeyAccount().Apply(entry with { Seq = 1, Balance = entry.Kind == LedgerEntryKind.Credited ? entry.Amount : UsdTicks.Zero, Held = UsdTicks.Zero });

            apply.Should().Throw<LedgerBrokenException>($"a {entry.Kind} needs a key");
        }
    }

    [Fact]
    public void Apply_AnIssueThatBringsMoney_IsRefused()
    {
        var apply = () => new KeyAccount().Apply(Issued() with { Seq = 1, Amount = new UsdTicks(5), Balance = UsdTicks.Zero, Held = UsdTicks.Zero });

        apply.Should().Throw<LedgerBrokenException>();
    }

    [Fact]
    public void Apply_AnIssueWithAHashThatIsNone_IsRefused()
    {
        foreach (var hash in new[] { "", "zz", new string('0', 62), new string('g', 64) })
        {
            var apply = () => new KeyAccount().Apply(Issued() with { Seq = 1, Balance = UsdTicks.Zero, Held = UsdTicks.Zero, SecretSha256 = hash });

            apply.Should().Throw<LedgerBrokenException>();
        }
    }

    [Fact]
    public void Apply_AnEntryThatLacksAMember_IsRefused()
    {
        ShouldRefuse(Credited(5) with { CreditId = null });
        ShouldRefuse(Placed(Unknown, 5) with { RequestId = null });
        ShouldRefuse(Placed(Unknown, 5) with { Deadline = null });
        ShouldRefuse(Placed(Unknown, 5) with { Model = null });
        ShouldRefuse(Placed(Unknown, 5) with { Endpoint = null });
        ShouldRefuse(Settled(_open, 100, 5) with { RequestId = null });
        ShouldRefuse(Settled(_open, 100, 5) with { Cost = null });
        ShouldRefuse(Settled(_open, 100, 5) with { CostSource = null });
        ShouldRefuse(Ended(HoldReleased, _open, 100) with { RequestId = null });
        ShouldRefuse(Overrun(_settled, 5) with { RequestId = null });
    }

    [Fact]
    public void Apply_AKindThatIsUnknown_IsRefused() => ShouldRefuse(Credited(5) with { Kind = (LedgerEntryKind)99 });

    [Fact]
    public void Apply_AnIdOfNoPossibleTime_IsRefused() =>
        ShouldRefuse(Ended(HoldReleased, new RequestId(new Guid([255, 255, 255, 255, 255, 255, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], bigEndian: true)), 0));

    // The refusals above would say nothing if these were refused as well.
    [Fact]
    public void Apply_TheSameEntriesWithoutTheFault_AreTaken()
    {
        var after = AccountScene.Start + AccountScene.Lifetime + TimeSpan.FromMilliseconds(1);

        foreach (var entry in new[]
        {
            Credited(5), Placed(Unknown, 5), Placed(Unknown, 890), Settled(_open, 100, 5), Settled(_case, null, 890), Ended(HoldReleased, _open, 100),
            Ended(HoldReleased, Unknown, 0), Ended(Unreconciled, _open, 100), Ended(HoldExpired, _open, 100) with { At = after },
        })
        {
            Replayed().Invoking(account => account.Apply(entry)).Should().NotThrow($"a {entry.Kind} of {entry.Amount} is possible");
        }
    }

    private void ShouldRefuse(LedgerEntry entry) =>
        Replayed().Invoking(account => account.Apply(entry)).Should().ThrowExactly<LedgerBrokenException>($"a {entry.Kind} of {entry.Amount} is not possible");

    // A refused entry may leave an account half changed, so each gets its own.
    private KeyAccount Replayed()
    {
        var account = new KeyAccount();
        foreach (var entry in _scene.Ledger)
            account.Apply(entry);
        return account;
    }

    private LedgerEntry Entry(LedgerEntryKind kind, long amount, RequestId? id = null) => new()
    {
        Seq = _scene.Account.Seq + 1,
        At = AccountScene.Start,
        Kind = kind,
        RequestId = id,
        Amount = new UsdTicks(amount),
        Balance = _scene.Account.Balance,
        Held = _scene.Account.Held,
        Model = "xai/grok-4.3",
        Endpoint = "/v1/responses",
    };

    private LedgerEntry Issued() => Entry(KeyIssued, 0) with { Prefix = "llmtr-abcdef", Label = "a label", SecretSha256 = AccountScene.Secret.ToHex() };

    private LedgerEntry Credited(long amount) =>
        Entry(LedgerEntryKind.Credited, amount) with { CreditId = "credit:new", Balance = new UsdTicks(unchecked(_scene.Account.Balance.Value + amount)) };

    private LedgerEntry Placed(RequestId id, long amount) =>
        Entry(HoldPlaced, amount, id) with { Held = _scene.Account.Held + new UsdTicks(amount), Deadline = AccountScene.Start.AddMinutes(1) };

    private LedgerEntry Settled(RequestId id, long? hold, long amount) => Entry(HoldSettled, amount, id) with
    {
        Hold = hold is { } ticks ? new UsdTicks(ticks) : null,
        Cost = new UsdTicks(amount),
        CostSource = CostSource.Provider,
        Balance = _scene.Account.Balance - new UsdTicks(amount),
        Held = _scene.Account.Held - new UsdTicks(hold ?? 0),
    };

    private LedgerEntry Overrun(RequestId id, long amount) => Entry(LedgerEntryKind.Overrun, amount, id);

    private LedgerEntry Ended(LedgerEntryKind kind, RequestId id, long amount) =>
        Entry(kind, amount, id) with { Held = _scene.Account.Held - new UsdTicks(amount) };
}
