using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>Settings, rotation, revocation, and that no end of a hold asks for any of them.</summary>
public sealed class KeyLifeTests
{
    [Fact]
    public void Change_RepeatedLateBehindANewerOne_UndoesNothing()
    {
        foreach (var late in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(8), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(8), TimeSpan.FromDays(1) })
        {
            foreach (var label in new[] { "first", "a label" })
            {
                // The first one changes something, or nothing.
                var scene = new AccountScene(100);
                var first = new ChangeSettings { Label = label, Actor = "a", ChangeId = scene.NewId() };
                scene.Change(first).Should().Be(OperatorOutcome.Done);
                scene.Change(new ChangeSettings { Label = "second", Actor = "b", ChangeId = scene.NewId() }).Should().Be(OperatorOutcome.Done);
                scene.Now += late;
                scene.Settle(scene.Hold(1), 0);
                var entries = scene.Ledger.Count;

                scene.Change(first).Should().Be(late <= TimeSpan.FromMinutes(6) ? OperatorOutcome.Done : OperatorOutcome.Conflict);

                (scene.Account.View()!.Label, scene.Ledger.Count).Should().Be(("second", entries));
                SnapshotStateTests.Roundtrip(scene.Account).ChangeSettings(first, scene.Now, []).Should().Be(scene.Change(first));
            }
        }
    }

    [Fact]
    public void Change_OfAnIdFromAnotherTime_IsRefused()
    {
        var scene = new AccountScene(100);
        var id = RequestIds.Make(scene.Now.AddMinutes(-6), 1);

        scene.Change(new ChangeSettings { Label = "l", Actor = "a", ChangeId = id }).Should().Be(OperatorOutcome.Conflict);

        scene.Account.View()!.Label.Should().Be("a label");
    }

    private static readonly SecretHash Other = SecretHash.Of("another secret"u8);

    private readonly AccountScene _scene = new(1_000);

    private static ChangeSettings Nothing => new() { Actor = "tests", Reason = "a reason" };

    [Fact]
    public void Disabled_Key_IsRefusedUntilItIsSwitchedOn()
    {
        _scene.Change(Nothing with { Disabled = true });
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.KeyDisabled);
        _scene.Account.View()!.Status.Should().Be(KeyStatus.Disabled);

        _scene.Change(Nothing with { Disabled = false });
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Expired_Key_IsRefusedFromItsMomentOnUntilItIsProlonged()
    {
        var end = AccountScene.Start.AddMinutes(1);
        _scene.Change(Nothing with { ExpiresAt = end });

        _scene.Now = end.AddMilliseconds(-1);
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.Granted);
        _scene.Now = end;
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.KeyExpired);
        _scene.Account.View(_scene.Now)!.Status.Should().Be(KeyStatus.Expired);
        _scene.Change(Nothing with { ClearExpiry = true });
        _scene.PlaceOne().Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Revoked_Key_IsAsUnknownAndTakesNoSettings()
    {
        _scene.Revoke().Should().Be(OperatorOutcome.Done);

        _scene.PlaceOne().Should().Be(new PlaceHoldReply { Outcome = PlaceHoldOutcome.Unauthenticated });
        _scene.Account.Authenticates(AccountScene.Secret, _scene.Now).Should().BeFalse();
        _scene.Change(Nothing with { Disabled = false }).Should().Be(OperatorOutcome.Revoked);
        _scene.Rotate(Other, TimeSpan.Zero).Should().Be(OperatorOutcome.Revoked);
        _scene.Account.View()!.Status.Should().Be(KeyStatus.Revoked);
        _scene.Debit("refund", 1_000).Should().Be(OperatorOutcome.Done, "what is left can be paid back");
    }

    [Fact]
    public void Rotation_WithGrace_KeepsTheOldSecretGoodUntilItsEnd()
    {
        _scene.Rotate(Other, TimeSpan.FromMinutes(1));
        var until = AccountScene.Start.AddMinutes(1);

        foreach (var (at, old) in new[] { (AccountScene.Start, true), (until.AddMilliseconds(-1), true), (until, false) })
        {
            _scene.Account.Authenticates(Other, at).Should().BeTrue();
            _scene.Account.Authenticates(AccountScene.Secret, at).Should().Be(old);
        }

        _scene.Account.View()!.OldSecretGoodUntil.Should().Be(until);
        _scene.Account.View(until)!.OldSecretGoodUntil.Should().BeNull();
    }

    [Fact]
    public void Rotation_WithoutGrace_EndsTheOldSecretAtOnce()
    {
        _scene.Rotate(Other, TimeSpan.Zero);

        _scene.Account.Authenticates(AccountScene.Secret, _scene.Now).Should().BeFalse();
    }

    [Fact]
    public void Rotation_Twice_LeavesTwoSecretsGoodAtMost()
    {
        var third = SecretHash.Of("a third"u8);
        _scene.Rotate(Other, TimeSpan.FromHours(1));
        _scene.Rotate(third, TimeSpan.FromHours(1));

        new[] { AccountScene.Secret, Other, third }.Select(secret => _scene.Account.Authenticates(secret, _scene.Now)).Should().Equal(false, true, true);
    }

    [Fact]
    public void Rotation_RepeatedAfterAnother_DoesNotBringItsSecretBack()
    {
        var third = SecretHash.Of("a third"u8);
        _scene.Rotate(Other, TimeSpan.Zero);
        _scene.Rotate(third, TimeSpan.Zero);

        _scene.Rotate(Other, TimeSpan.Zero).Should().Be(OperatorOutcome.Done);
        _scene.Rotate(AccountScene.Secret, TimeSpan.Zero).Should().Be(OperatorOutcome.Done);

        new[] { AccountScene.Secret, Other, third }.Select(secret => _scene.Account.Authenticates(secret, _scene.Now)).Should().Equal(false, false, true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hold_RepeatedAfterItsSecretHasEnded_IsGrantedAsBefore(bool revoked)
    {
        var id = _scene.Hold(10);
        if (revoked)
            _scene.Revoke();
        else
            _scene.Rotate(Other, TimeSpan.Zero);

        _scene.Place(id, 10, 10).Outcome.Should().Be(PlaceHoldOutcome.Granted, "its caller, told otherwise, would leave the hold open until its deadline");
        _scene.Place(id, 10, 10, secret: SecretHash.Of("nobody's"u8)).Outcome.Should().Be(PlaceHoldOutcome.Unauthenticated);
        _scene.Place(_scene.NewId(), 10, 10).Outcome.Should().Be(PlaceHoldOutcome.Unauthenticated);
    }

    [Fact]
    public void Commands_Repeated_WriteNothingMore()
    {
        _scene.Rotate(Other, TimeSpan.FromMinutes(1));
        _scene.Limit(new KeyLimits { Models = ["xai/grok-4.3"], RequestsPerMinute = 5 });
        _scene.Revoke();
        var written = _scene.Ledger.Count;

        _scene.Revoke().Should().Be(OperatorOutcome.Done);

        _scene.Ledger.Should().HaveCount(written);
        var scene = new AccountScene(0);
        scene.Rotate(Other, TimeSpan.FromMinutes(1));
        scene.Limit(new KeyLimits { Models = ["xai/grok-4.3"], RequestsPerMinute = 5 });
        scene.Rotate(Other, TimeSpan.FromMinutes(9)).Should().Be(OperatorOutcome.Done);
        scene.Limit(new KeyLimits { Models = new List<string> { "xai/grok-4.3" }, RequestsPerMinute = 5 }).Should().Be(OperatorOutcome.Done);
        scene.Ledger.Select(static entry => entry.Kind).Should().Equal(LedgerEntryKind.KeyIssued, LedgerEntryKind.KeyRotated, LedgerEntryKind.LimitsChanged);
    }

    [Fact]
    public void Settings_OfWhichOneChanges_KeepTheOthersAndNameWhoAndWhy()
    {
        var limits = new KeyLimits
        {
            RequestsPerMinute = 5,
            TokensPerMinute = 6,
            MaxConcurrent = 7,
            Models = ["xai/a", "xai/b"],
            Budget = new KeyBudget { Amount = new UsdTicks(8), Period = BudgetPeriod.Week },
        };
        _scene.Change(Nothing with { Label = "one", Limits = limits, ExpiresAt = AccountScene.Start.AddDays(1), Disabled = true });
        _scene.Change(Nothing with { Label = "two" });

        var replayed = new KeyAccount();
        foreach (var entry in _scene.Ledger)
            replayed.Apply(LedgerLine.Decode(LedgerLine.Encode(entry, LedgerLine.GenesisHash)));
        replayed.View().Should().Be(_scene.Account.View());
        replayed.View().Should().BeEquivalentTo(new { Label = "two", Limits = limits, ExpiresAt = AccountScene.Start.AddDays(1), Disabled = true });
        _scene.Ledger[^1].Should().BeEquivalentTo(new { Kind = LedgerEntryKind.LimitsChanged, Actor = "tests", Reason = "a reason", Amount = UsdTicks.Zero });
    }

    [Fact]
    public void Issue_WithLimitsAndExpiry_HasThemFromTheStart()
    {
        var account = new KeyAccount();
        var entries = new List<LedgerEntry>();
        var limits = new KeyLimits { RequestsPerMinute = 5 };
        account.Issue(new IssueKey
        {
            Secret = AccountScene.Secret,
            Prefix = "llmtr-abcdef",
            Label = "a",
            Actor = "tests",
            Limits = limits,
            ExpiresAt = AccountScene.Start.AddDays(1),
        }, AccountScene.Start, entries);

        account.Apply(entries.Single());

        account.View().Should().BeEquivalentTo(new { Limits = limits, ExpiresAt = AccountScene.Start.AddDays(1), Status = KeyStatus.Active });
    }

    [Fact]
    public void EndsOfHolds_OfARevokedDisabledExpiredAndRotatedKey_AreTakenAllTheSame()
    {
        var (settled, released, lost) = (_scene.Hold(10), _scene.Hold(10), _scene.Hold(10));
        _scene.Change(Nothing with { Disabled = true, ExpiresAt = AccountScene.Start });
        _scene.Rotate(Other, TimeSpan.Zero);
        _scene.Revoke();

        _scene.Settle(settled, 12).Charged.Should().Be(new UsdTicks(12));
        _scene.Release(released).Should().Be(EndHoldOutcome.Ended);
        _scene.Report(lost).Should().Be(EndHoldOutcome.Ended);
        _scene.Resolve(lost, 5).Charged.Should().Be(new UsdTicks(5));
        _scene.Account.Available.Should().Be(new UsdTicks(1_000 - 17));
    }

    [Fact]
    public void ArgumentsThatContradictThemselves_AreErrors()
    {
        foreach (var command in new Action[]
        {
            () => _scene.Rotate(Other, TimeSpan.FromMilliseconds(-1)),
            () => _scene.Rotate(Other, TimeSpan.FromDays(367)),
            () => _scene.Change(Nothing with { ExpiresAt = AccountScene.Start, ClearExpiry = true }),
            () => _scene.Debit("d", 0),
            () => _scene.Debit("\ud800", 1),
            () => _scene.Resolve(_scene.Case(1), 0),
            () => _scene.PlaceTokens(-1),
            () => _scene.PlaceTokens(2, 1),
        })
        {
            command.Should().Throw<ArgumentException>();
        }
    }
}
