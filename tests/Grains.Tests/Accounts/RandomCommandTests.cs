using CsCheck;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>Any commands in any order, at any pace: the invariants hold after every one of them.</summary>
public sealed class RandomCommandTests
{
    private const int Ids = 6;

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Frequency((4, Gen.Const(Command.Place)), (4, Gen.Const(Command.Settle)), (2, Gen.Const(Command.Release)), (2, Gen.Const(Command.Report)), (1, Gen.Const(Command.Credit)),
            (1, Gen.Const(Command.Debit)), (1, Gen.Const(Command.Resolve)), (1, Gen.Const(Command.Change)), (1, Gen.Const(Command.Rotate))),
        Gen.Int[0, Ids - 1],
        Gen.Int[0, 3],
        Gen.Long[0, 400],
        Gen.Long[0, 400],
        Gen.Frequency((6, Gen.Long[0, 1_000]), (2, Gen.Long[1_000, 100_000]), (1, Gen.Long[100_000, 500_000]), (1, Gen.Const(-30_000L))),
        static (command, slot, generation, amount, more, pause) => new Step(command, slot, generation, amount, more, pause));

    private enum Command
    {
        Place,
        Settle,
        Release,
        Report,
        Credit,
        Debit,
        Resolve,
        Change,
        Rotate,
    }

    [Fact]
    public void AnySequenceOfCommands_AfterEveryStep_AddsUpAndReplaysToAnEqualAccount() =>
        Steps.Array[1, 60].Sample(static steps => Run(steps), iter: 3_000);

    private static void Run(Step[] steps)
    {
        var scene = new AccountScene(1000);
        var audit = new LedgerAudit();
        var audited = 0;
        var answers = new Dictionary<RequestId, SettleReply>();
        foreach (var step in steps)
        {
            scene.Now = scene.Now.AddMilliseconds(step.PauseMs);
            Do(scene, step, answers);

            while (audited < scene.Ledger.Count)
                audit.Add(scene.Ledger[audited++]);
            var account = scene.Account;
            Demand(account.Balance == audit.Balance && account.Held == audit.Held && account.Available == audit.Balance - audit.Held, "the sums are the entries'");
            Demand(!account.Held.IsNegative && account.Held <= account.Balance, "0 <= held <= balance");
            Demand(account.OpenHoldCount == audit.OpenHolds.Count && account.View()!.OpenCases == audit.OpenCases, "the holds are the entries'");
            Demand(account.View()!.Charged == audit.Charges && account.View()!.Overruns == audit.Overruns && account.View()!.Debited == audit.Debits, "the totals are the entries'");
        }

        ReplayGivesAnEqualAccount(scene);
    }

    private static void Do(AccountScene scene, Step step, Dictionary<RequestId, SettleReply> answers)
    {
        var id = step.Id;
        var openBefore = scene.Account.OpenHoldCount;
        switch (step.Command)
        {
            case Command.Place:
                var command = AccountScene.Command(id, step.Amount + 1, step.Amount + 1 + step.More, 1 + (int)(step.More % 4), TimeSpan.FromSeconds(1 + step.More));
                var placed = scene.Place(step.More % 3 == 0 ? command.WithIdempotencyKey($"key {step.Slot}", "a body").WithTokens(step.Amount, step.Amount + step.More) : command);
                Demand(placed.Available == scene.Account.Available, "the answer says what is available after it");
                break;
            case Command.Settle:
                var settled = scene.Settle(id, step.Amount + step.More);
                Demand(settled.Available == scene.Account.Available, "the answer says what is available after it");
                if (settled.Outcome == SettleOutcome.Settled)
                    Demand(answers.TryAdd(id, settled) || (answers[id].Charged, answers[id].Overrun) == (settled.Charged, settled.Overrun), "a repeat gets the same amounts");
                break;
            case Command.Release:
                if (scene.Release(id) == EndHoldOutcome.Ended)
                    Demand(!answers.ContainsKey(id), "what was charged is not released");
                break;
            case Command.Report:
                scene.Report(id);
                break;
            case Command.Credit:
                scene.Credit($"credit {step.Slot}", 1 + step.Amount);
                break;
            case Command.Debit:
                scene.Debit($"debit {step.Slot}", 1 + step.Amount);
                break;
            case Command.Resolve:
                var resolved = scene.Resolve(id, step.More % 2 == 0 ? null : 1 + step.Amount);
                Demand(resolved.Available == scene.Account.Available, "the answer says what is available after it");
                if (resolved is { Outcome: ResolveOutcome.Done, Charged: var charged, Overrun: var overrun } && (charged + overrun).IsPositive)
                    answers.TryAdd(id, new SettleReply { Outcome = SettleOutcome.Settled, Charged = charged, Overrun = overrun });
                break;
            case Command.Change:
                scene.Change(new ChangeSettings { Actor = "tests", Limits = LimitsOf(step), ExpiresAt = step.More == 3 ? scene.Now.AddMinutes(1) : null, ClearExpiry = step.More > 3 });
                break;
            case Command.Rotate:
                scene.Rotate(AccountScene.Secret, TimeSpan.FromSeconds(step.More));
                break;
        }

        Demand(scene.Account.OpenHoldCount <= openBefore + 1, "a command opens one hold at most");
    }

    private static KeyLimits LimitsOf(Step step) => (step.Slot % 3) switch
    {
        0 => KeyLimits.None,
        1 => new KeyLimits { RequestsPerMinute = 1 + (int)(step.Amount % 5), TokensPerMinute = 1 + (step.More * 2), MaxConcurrent = 1 + (int)(step.More % 4) },
        _ => new KeyLimits { Budget = new KeyBudget { Amount = new UsdTicks(1 + (step.Amount * 3)), Period = (BudgetPeriod)(step.More % 3) } },
    };

    private static void ReplayGivesAnEqualAccount(AccountScene scene)
    {
        var replayed = new KeyAccount();
        foreach (var entry in scene.Ledger)
            replayed.Apply(LedgerLine.Decode(LedgerLine.Encode(entry, LedgerLine.GenesisHash)));
        IsEqual(scene, replayed);
        IsEqual(scene, SnapshotStateTests.Roundtrip(scene.Account));
    }

    private static void IsEqual(AccountScene scene, KeyAccount replayed)
    {
        Demand(Equals(replayed.View(), scene.Account.View()), "the same numbers");
        Demand(replayed.Holds(null, 1000)!.Holds.SequenceEqual(scene.Account.Holds(null, 1000)!.Holds), "the same holds");
        Demand(replayed.Cases(null, 1000)!.Cases.SequenceEqual(scene.Account.Cases(null, 1000)!.Cases), "the same cases");
        Demand(replayed.Authenticates(AccountScene.Secret, replayed.LastEntryAt), "the same secret");
        Demand(replayed.LastEntryAt == scene.Account.LastEntryAt && replayed.Seq == scene.Account.Seq, "the same end");
        Demand(replayed.EndedHoldCount == scene.Account.EndedHoldCount, "the same memory");

        // Equal is what answers alike: every command on every id, now and later, must give the same reply and the same entries.
        foreach (var now in new[] { scene.Account.LastEntryAt, scene.Account.LastEntryAt.AddMinutes(3), scene.Account.LastEntryAt.AddHours(1) })
        {
            for (var slot = 0; slot < Ids * 4; slot++)
            {
                var id = new Step(default, slot % Ids, slot / Ids, 0, 0, 0).Id;
                AnswersAlike(scene.Account, replayed, (account, entries) => account.PlaceHold(AccountScene.Command(id, 1, 50), now, entries));
                AnswersAlike(scene.Account, replayed, (account, entries) => account.PlaceHold(
                    AccountScene.Command(id, 1, 50).WithIdempotencyKey($"key {slot % Ids}", "a body").WithTokens(1, 300), now, entries));
                AnswersAlike(scene.Account, replayed, (account, entries) => account.ResolveCase(
                    new ResolveCase { Id = id, Cost = new UsdTicks(77), Actor = "tests" }, now, entries));
                AnswersAlike(scene.Account, replayed, (account, entries) => account.Settle(AccountScene.Charge(id, 77), now, entries));
                AnswersAlike(scene.Account, replayed, (account, entries) => account.Release(AccountScene.Freeing(id), now, entries));
                AnswersAlike(scene.Account, replayed, (account, entries) => account.ReportUnreconciled(AccountScene.Losing(id), now, entries));
            }

            for (var slot = 0; slot < Ids; slot++)
                AnswersAlike(scene.Account, replayed, (account, entries) => account.Credit(AccountScene.Payment($"credit {slot}", 5), now, entries));
            AnswersAlike(scene.Account, replayed, (account, entries) => account.ExpireNextHold(now, entries));
        }
    }

    private static void AnswersAlike<T>(KeyAccount one, KeyAccount other, Func<KeyAccount, ICollection<LedgerEntry>, T> decide)
    {
        List<LedgerEntry> ones = [], others = [];
        Demand(Equals(decide(one, ones), decide(other, others)), "the same reply");
        Demand(ones.SequenceEqual(others), "the same entries");
    }

    private static void Demand(bool condition, string rule)
    {
        if (!condition)
            throw new InvalidOperationException($"Broken: {rule}.");
    }

    private sealed record Step(Command Command, int Slot, int Generation, long Amount, long More, long PauseMs)
    {
        // Ids of several ages, some from the future, so that commands meet holds in every state, also forgotten ones.
        public RequestId Id => RequestIds.Make(AccountScene.Start.AddMinutes(Generation * 4), (Generation * 100) + Slot);
    }
}
