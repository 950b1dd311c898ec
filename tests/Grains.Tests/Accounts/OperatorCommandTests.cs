using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class OperatorCommandTests
{
    [Fact]
    public void Issue_WithACredit_WritesBothEntriesAndAuthenticatesTheSecretOnly()
    {
        var scene = new AccountScene(500);

        scene.Ledger.Select(static entry => (entry.Kind, entry.Amount.Value, entry.Balance.Value)).Should().Equal(
            (LedgerEntryKind.KeyIssued, 0, 0), (LedgerEntryKind.Credited, 500, 500));
        scene.Account.Authenticates(AccountScene.Secret, AccountScene.Start).Should().BeTrue();
        scene.Account.Authenticates(SecretHash.Of("The secret"u8), AccountScene.Start).Should().BeFalse();
        scene.Account.Authenticates(default, AccountScene.Start).Should().BeFalse();
        scene.Account.View().Should().Be(new AccountView
        {
            Prefix = "llmtr-abcdef",
            Label = "a label",
            Balance = new UsdTicks(500),
            CreatedAt = AccountScene.Start,
            LastSeq = 2,
        });
    }

    [Fact]
    public void Issue_WithoutACredit_WritesOneEntry() => new AccountScene(0).Ledger.Should().ContainSingle();

    [Fact]
    public void Issue_Again_ChangesNothingForTheSameSecretAndConflictsForAnother()
    {
        var scene = new AccountScene(500);
        IssueKey Command(SecretHash secret) => new() { Secret = secret, Prefix = "llmtr-abcdef", Label = "b", Credit = new UsdTicks(900), Actor = "tests" };

        scene.Do((account, now, entries) => account.Issue(Command(AccountScene.Secret), now, entries)).Should().Be(OperatorOutcome.Done);
        scene.Do((account, now, entries) => account.Issue(Command(SecretHash.Of("another"u8)), now, entries)).Should().Be(OperatorOutcome.Conflict);

        scene.Account.Seq.Should().Be(2);
        scene.Account.Authenticates(AccountScene.Secret, AccountScene.Start).Should().BeTrue();
    }

    [Fact]
    public void Issue_WithANegativeCredit_IsAnArgumentError()
    {
        var issue = () => new AccountScene(-1);

        issue.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Account_BeforeItsIssue_HasNoViewAndTakesNoCredit()
    {
        var account = new KeyAccount();
        var entries = new List<LedgerEntry>();

        account.View().Should().BeNull();
        account.Credit(AccountScene.Payment("p", 5), AccountScene.Start, entries).Should().Be(OperatorOutcome.UnknownKey);
        account.Settle(AccountScene.Charge(RequestIds.Make(AccountScene.Start, 1), 5), AccountScene.Start, entries).Outcome.Should().Be(SettleOutcome.UnknownHold);
        account.ReportUnreconciled(AccountScene.Losing(RequestIds.Make(AccountScene.Start, 1)), AccountScene.Start, entries).Should().Be(EndHoldOutcome.UnknownHold);
        entries.Should().BeEmpty();
    }

    [Fact]
    public void Credit_TheSameId_PostsOnceForEver()
    {
        var scene = new AccountScene(0);
        scene.Credit("pay-1", 100).Should().Be(OperatorOutcome.Done);

        foreach (var years in new[] { 0, 1, 50 })
        {
            scene.Now = AccountScene.Start.AddYears(years);
            scene.Settle(scene.Hold(1), 0);
            scene.Credit("pay-1", 100).Should().Be(OperatorOutcome.Done);
            scene.Credit("pay-1", 101).Should().Be(OperatorOutcome.Conflict);
        }

        scene.Account.Balance.Value.Should().Be(100);
        scene.Ledger.Count(static entry => entry.Kind == LedgerEntryKind.Credited).Should().Be(1);
    }

    [Theory]
    [InlineData("pay", "Pay")]
    [InlineData("pay", "pay ")]
    [InlineData("é", "e\u0301")]
    [InlineData("", "0")]
    [InlineData("key_issued", "credit:key_issued")]
    public void Credit_AnotherId_IsAnotherCredit(string first, string second)
    {
        var scene = new AccountScene(1000);

        scene.Credit(first, 1).Should().Be(OperatorOutcome.Done);
        scene.Credit(second, 1).Should().Be(OperatorOutcome.Done);

        scene.Account.Balance.Value.Should().Be(1002);
    }

    // JSON cannot hold half a surrogate pair: both would be stored as the same replacement character, and the ledger could not be read again.
    [Fact]
    public void Credit_AnIdThatTheLedgerCannotHold_IsAnArgumentError()
    {
        var scene = new AccountScene(0);

        // Not inline data: the test runner could not hold them either.
        foreach (var id in new[] { "\ud800", "\ud801", "a\udc00", "\udc00\ud800" })
        {
            var credit = () => scene.Credit(id, 1);

            credit.Should().Throw<ArgumentException>();
        }

        scene.Credit("\ud83d\ude00", 1).Should().Be(OperatorOutcome.Done, "a whole pair is a character");
        scene.Account.Seq.Should().Be(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Credit_OfNothing_IsAnArgumentError(long amount)
    {
        var credit = () => new AccountScene(0).Credit("p", amount);

        credit.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Credit_BeyondTheLargestAmount_IsOutOfRange()
    {
        var scene = new AccountScene(long.MaxValue - 5);

        scene.Credit("six", 6).Should().Be(OperatorOutcome.OutOfRange);
        scene.Credit("five", 5).Should().Be(OperatorOutcome.Done);
        scene.Credit("one", 1).Should().Be(OperatorOutcome.OutOfRange);

        scene.Account.Balance.Value.Should().Be(long.MaxValue);
    }

    [Fact]
    public void Credit_BeyondWhatAllChargesCouldAddUpTo_IsOutOfRange()
    {
        var scene = new AccountScene(long.MaxValue);
        scene.Settle(scene.Hold(long.MaxValue), long.MaxValue);
        scene.Account.Balance.Should().Be(UsdTicks.Zero);

        // If it were taken, spending it would overflow the sum of the charges, and the settlement could never be written.
        scene.Credit("more", 1).Should().Be(OperatorOutcome.OutOfRange);
    }
}
