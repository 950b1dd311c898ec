using System.Text;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Tests.Accounts;
using LlmTr.Money;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static LlmTr.Grains.Tests.Durability.DurableScene;

namespace LlmTr.Grains.Tests.Durability;

public sealed class LoadTests
{
    [Fact]
    public void FirstCommands_AllAtOnce_ShareOneLoad()
    {
        var scene = new DurableScene(credit: 100);
        var gate = new TaskCompletionSource();
        scene.Store.OnNextLoad(() => gate.Task);
        var (host, loads) = (scene.NewHost(), scene.Store.Loads);

        var answers = Enumerable.Range(0, 10).Select(_ => scene.Place(scene.NewId(), 1, host)).ToArray();
        StillWaiting(answers);
        scene.Do(gate.SetResult);

        answers.Should().OnlyContain(static answer => Told(answer).Outcome == PlaceHoldOutcome.Granted);
        scene.Store.Loads.Should().Be(loads + 1);
    }

    [Fact]
    public void Load_ThatFails_FailsItsWaitersAndTheNextCommandTriesAgain()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.OnNextLoad(static () => Task.FromException(new IOException("no disk")));
        var host = scene.NewHost();

        ToldUnknown(scene.Read(host));

        Told(scene.Read(host))!.Balance.Value.Should().Be(100);
    }

    [Fact]
    public void Load_ThatHangs_FailsAtItsTimeOutAndTheNextCommandTriesAgain()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.OnNextLoad(static () => new TaskCompletionSource().Task);
        var host = scene.NewHost();
        var answer = scene.Read(host);

        scene.Advance(scene.Options.LoadTimeout - TimeSpan.FromMilliseconds(1));
        StillWaiting(answer);
        scene.Advance(TimeSpan.FromMilliseconds(1));

        ToldUnknown(answer);
        Told(scene.Read(host))!.Balance.Value.Should().Be(100);
    }

    [Fact]
    public void Load_ThatAnswersAfterItsTimeOut_IsNotBelieved()
    {
        var scene = new DurableScene(credit: 100);
        var gate = new TaskCompletionSource();
        scene.Store.OnNextLoad(() => gate.Task);
        var host = scene.NewHost();
        var answer = scene.Read(host);
        scene.Advance(scene.Options.LoadTimeout);
        ToldUnknown(answer);
        var id = scene.Hold(10, host);

        scene.Do(gate.SetResult);

        Told(scene.Read(host))!.Held.Value.Should().Be(10);
        Told(scene.Release(id, host)).Should().Be(EndHoldOutcome.Ended);
    }

    [Fact]
    public void Reload_AfterAFailedAppend_HappensOnceForAllWhoComeMeanwhile()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        var lost = scene.Place(scene.NewId(), 10);
        scene.Do(scene.LastAppend.Fail);
        ToldUnknown(lost);
        scene.Store.HoldsAppends = false;
        var gate = new TaskCompletionSource();
        scene.Store.OnNextLoad(() => gate.Task);
        var loads = scene.Store.Loads;

        var answers = Enumerable.Range(0, 10).Select(_ => scene.Place(scene.NewId(), 1)).ToArray();
        scene.Do(gate.SetResult);

        answers.Should().OnlyContain(static answer => Told(answer).Outcome == PlaceHoldOutcome.Granted);
        scene.Store.Loads.Should().Be(loads + 1);
    }

    public static TheoryData<string> Damages => new() { "no json", "changed amount", "changed note", "dropped", "swapped", "doubled", "foreign chain" };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Ledger_ThatIsDamaged_IsNotServedUntilItIsWholeAgain(string damage)
    {
        var scene = new DurableScene(credit: 100);
        Told(scene.Credit("pay", 50));
        scene.Hold(10);
        var lines = scene.Store.Lines(Account);
        var whole = lines.ToArray();
        Spoil(lines, damage);
        var host = scene.NewHost();

        Task[] refused = [scene.Read(host), scene.Place(scene.NewId(), 1, host), scene.Settle(scene.NewId(), 1, host), scene.Release(scene.NewId(), host), scene.Credit("more", 1, host)];
        ToldUnknown(refused);
        refused.Should().OnlyContain(static answer => ((AccountUnavailableException)answer.Exception!.InnerException!).BrokenLedger!.Length > 0);
        var page = Told(scene.ReadLedger(1, 10, host));
        page.Lines.Should().Equal(lines, "whoever looks for what is wrong must see it");
        page.Broken.Should().NotBeNullOrEmpty();
        lines.Should().HaveCountLessThanOrEqualTo(whole.Length + 1, "nothing may be written on top of what is not understood");

        lines.Clear();
        lines.AddRange(whole);
        Told(scene.Read(host))!.Balance.Value.Should().Be(150);
        Told(scene.ReadLedger(1, 10, host)).Broken.Should().BeNull();
    }

    [Fact]
    public void ReadLedger_OfABrokenOneByPages_GivesEveryLine()
    {
        var scene = new DurableScene(credit: 100);
        Told(scene.Credit("pay", 50));
        scene.Hold(10);
        Spoil(scene.Store.Lines(Account), "changed amount");
        var host = scene.NewHost();

        var lines = new List<byte[]>();
        for (long? from = 1; from is { } seq;)
        {
            var page = Told(scene.ReadLedger(seq, 2, host));
            page.Broken.Should().NotBeNullOrEmpty();
            lines.AddRange(page.Lines);
            from = page.NextSeq;
        }

        lines.Should().Equal(scene.Store.Lines(Account)).And.HaveCount(4);
    }

    [Fact]
    public void Ledger_ThatHasLostItsDurableEnd_IsNotServed()
    {
        var scene = new DurableScene(credit: 100);
        var id = scene.Hold(10);
        scene.Store.HoldsAppends = true;
        var lost = scene.Settle(id, 1);
        scene.Store.Lines(Account).RemoveAt(2);
        scene.Do(scene.LastAppend.Complete);
        ToldUnknown(lost);

        ToldUnknown(scene.Read());
    }

    [Fact]
    public void ReadLedger_ByPages_GivesEveryLineOnceAndSaysWhereToGoOn()
    {
        var scene = new DurableScene(credit: 100);
        for (var i = 0; i < 8; i++)
            scene.Hold(1);

        foreach (var limit in new[] { 1, 2, 3, 4, 5, 7, 9, 10, 11, 1000 })
        {
            var lines = new List<byte[]>();
            for (long? from = 1; from is { } seq;)
            {
                var page = Told(scene.ReadLedger(seq, limit));
                page.Lines.Should().NotBeEmpty($"a page of {limit} that is said to exist holds something");
                lines.AddRange(page.Lines);
                from = page.NextSeq;
            }

            lines.Should().Equal(scene.Lines);
        }
    }

    [Fact]
    public void ReadLedger_BehindTheEnd_IsEmpty()
    {
        var page = Told(new DurableScene(credit: 100).ReadLedger(3, 10));

        page.Lines.Should().BeEmpty();
        page.NextSeq.Should().BeNull();
    }

    [Fact]
    public void ReadLedger_ThatTheStoreRefuses_IsUnknown()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.OnNextLoad(static () => Task.FromException(new IOException("no disk")));

        var answer = scene.ReadLedger(1, 10);

        ToldUnknown(answer);
        ((AccountUnavailableException)answer.Exception!.InnerException!).BrokenLedger.Should().BeNull("what cannot be reached may be whole");
    }

    [Fact]
    public void Decision_ThatThrows_FailsItsCallerOnlyAndLeavesNothingBehind()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        var other = scene.Place(scene.NewId(), 10);

        var thrown = scene.Send<int, int>(scene.Host, 0, static (account, _, now, entries) =>
        {
            entries.Add(new LedgerEntry
            {
                Seq = account.Seq + 1,
                At = now,
                Kind = LedgerEntryKind.Credited,
                Amount = new UsdTicks(99),
                Balance = account.Balance + new UsdTicks(99),
                Held = account.Held,
                CreditId = "half decided",
            });
            throw new ArgumentException("no");
        });
        scene.Do(scene.LastAppend.Complete);
        scene.Store.HoldsAppends = false;

        thrown.Exception!.InnerException.Should().BeOfType<ArgumentException>();
        Told(other).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        Told(scene.Read())!.Balance.Value.Should().Be(100);
        Encoding.UTF8.GetString(scene.Lines[^1]).Should().NotContain("half decided");
    }

    [Fact]
    public void Decision_ThatIsImpossible_FailsAllWhoWaitAndReloads()
    {
        var scene = new DurableScene(credit: 100);
        scene.Store.HoldsAppends = true;
        var other = scene.Place(scene.NewId(), 10);

        var impossible = scene.Send<int, int>(scene.Host, 0, static (account, _, now, entries) =>
        {
            entries.Add(new LedgerEntry { Seq = 77, At = now, Kind = LedgerEntryKind.Credited, Amount = new UsdTicks(99), Balance = account.Balance, Held = account.Held });
            return 0;
        });

        ToldUnknown(other, impossible);
        scene.Do(scene.LastAppend.Complete);
        scene.Store.HoldsAppends = false;
        Told(scene.Read())!.Held.Value.Should().Be(10, "the append that was under way has landed all the same");
        scene.Host.SawAnotherWriter.Should().BeFalse();
    }

    [Fact]
    public void Clock_ThatGoesBack_NeverPutsAnEntryBeforeTheLast()
    {
        var scene = new DurableScene(credit: 100);
        scene.Advance(TimeSpan.FromHours(1));
        var id = scene.Hold(10);
        var behind = new FakeTimeProvider(scene.Clock.GetUtcNow().AddMinutes(-30));
        var host = new DurableAccount(Account, scene.Store, behind, scene.Options, NullLogger.Instance);

        Told(scene.Settle(id, 5, host)).Outcome.Should().Be(SettleOutcome.Settled);

        scene.Audit.Charges.Value.Should().Be(5);
    }

    [Fact]
    public void Clock_WithFractionsOfAMillisecond_WritesWhatMemoryHolds()
    {
        var scene = new DurableScene(credit: 100);
        scene.Advance(TimeSpan.FromTicks(12_345_678));
        scene.Hold(10);

        LedgerLine.Decode(scene.Lines[^1]).At.Should().Be(AccountScene.Start.AddMilliseconds(1234));
    }

    private static void Spoil(List<byte[]> lines, string damage)
    {
        byte[] Changed(int line, string from, string to) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(lines[line]).Replace(from, to, StringComparison.Ordinal));
        switch (damage)
        {
            case "no json":
                lines[1] = lines[1][..^3];
                break;
            case "changed amount":
                lines[^1] = Changed(3, "\"amount_ticks\":10", "\"amount_ticks\":11");
                break;
            case "changed note":
                lines[2] = Changed(2, "a note", "A note");
                break;
            case "dropped":
                lines.RemoveAt(1);
                break;
            case "swapped":
                (lines[1], lines[2]) = (lines[2], lines[1]);
                break;
            case "doubled":
                lines.Add(lines[^1]);
                break;
            case "foreign chain":
                lines[0] = Changed(0, "\"prev\":\"0", "\"prev\":\"1");
                break;
        }
    }
}
