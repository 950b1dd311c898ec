using System.Globalization;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Money;
using LlmTr.Simulation.Tests.FrontEnds;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests;

/// <summary>Who runs the business: issues keys, moves money, changes what a key may do while its requests run, and closes cases.</summary>
internal sealed class Operators(Dice dice, Plan plan, Oracle oracle, Func<FrontEnd> anyFrontEnd)
{
    private const string Actor = "operator";

    private readonly Dictionary<string, List<SecretHash>> _secrets = new(StringComparer.Ordinal);
    private readonly List<(string Key, ResolveCase Command)> _resolved = [];

    public void Issue(string key)
    {
        _secrets[key] = [Secrets.Right];
        Ask(key, new IssueKey
        {
            Secret = Secrets.Right,
            Prefix = "llmtr-abcdef",
            Label = "simulated",
            Credit = new UsdTicks(plan.SmallBalance ? dice.Between(0, 3000) : dice.Between(10_000, 100_000)),
            Actor = Actor,
            Limits = plan.HasLimits ? SomeLimits() : null,
        }, static (account, command, now, entries) => account.Issue(command, now, entries));
    }

    /// <summary>A secret as a customer presents it: mostly the newest, sometimes one from before a rotation, sometimes nonsense.</summary>
    public SecretHash SomeSecret(string key) => dice.Below(20) switch
    {
        0 => Secrets.Wrong,
        1 or 2 => dice.Pick(_secrets[key]),
        _ => _secrets[key][^1],
    };

    /// <summary>A small choice of ids and amounts, so that some are repeats and some are in conflict.</summary>
    public void Credit(string key) => Ask(
        key, new Credit { CreditId = $"c{dice.Below(4)}", Amount = new UsdTicks(dice.Between(1, 3) * 500), Actor = Actor },
        static (account, command, now, entries) => account.Credit(command, now, entries));

    public void Read(string key) => Ask(key, "read", static (account, _, _, _) => account.View());

    /// <summary>Something that is not a credit.</summary>
    public void Act(string key)
    {
        switch (dice.Below(plan.RevokedInThis ? 12 : 11))
        {
            case < 3:
                Ask(
                    key, new Debit { DebitId = $"c{dice.Below(4)}", Amount = new UsdTicks(dice.Between(1, 4) * (plan.SmallBalance ? 200 : 4000)), Actor = Actor },
                    static (account, command, now, entries) => account.Debit(command, now, entries));
                break;
            case < 6:
                Ask(key, new ChangeSettings { Limits = dice.OneIn(4) ? KeyLimits.None : SomeLimits(), Actor = Actor }, Change);
                break;
            case 6:
                Ask(key, new ChangeSettings { Disabled = dice.OneIn(2), Actor = Actor }, Change);
                break;
            case 7:
                var soon = Scheduler.Start + oracle.Now + dice.UpTo(TimeSpan.FromSeconds(20));
                Ask(key, dice.OneIn(2) ? new ChangeSettings { ExpiresAt = soon, Actor = Actor } : new ChangeSettings { ClearExpiry = true, Actor = Actor }, Change);
                break;
            case < 10:
                var secret = SecretHash.Of(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{key} {_secrets[key].Count}")));
                _secrets[key].Add(secret);
                Ask(
                    key, new RotateKey { Secret = secret, Grace = dice.OneIn(2) ? TimeSpan.Zero : dice.UpTo(TimeSpan.FromSeconds(30)), Actor = Actor },
                    static (account, command, now, entries) => account.Rotate(command, now, entries));
                break;
            case 10:
                CloseCase(key);
                break;
            default:
                Ask(key, new RevokeKey { Actor = Actor }, static (account, command, now, entries) => account.Revoke(command, now, entries));
                break;
        }
    }

    /// <summary>Closes a case, or what is taken for one; or says again what was said before, perhaps otherwise.</summary>
    public void CloseCase(string key)
    {
        if (oracle.Book(key).Requests.Count == 0)
            return;
        RequestId[] cases = [.. oracle.Book(key).Requests.Where(static request => request.Value.IsCase).Select(static request => request.Key)];
        var id = cases.Length == 0 || dice.OneIn(8) ? dice.Pick(oracle.Book(key).Requests.Keys.ToArray()) : dice.Pick(cases);
        var command = new ResolveCase { Id = id, Cost = dice.OneIn(2) ? new UsdTicks(dice.Between(1, 3000)) : null, Actor = Actor };
        if (_resolved.Count > 0 && dice.OneIn(3))
            (key, command) = dice.Pick(_resolved);
        if (dice.OneIn(6))
            command = command with { Cost = command.Cost is null ? new UsdTicks(77) : null };
        _resolved.Add((key, command));
        Ask(key, command, static (account, command, now, entries) => account.ResolveCase(command, now, entries));
    }

    /// <summary>Asks until there is an answer.</summary>
    public void Ask<TCommand, TReply>(string key, TCommand command, Decision<TCommand, TReply> decide)
    {
        var frontEnd = anyFrontEnd();
        frontEnd.Node.Run(() => _ = oracle.Findings.Watch(AskAsync()));

        async Task AskAsync()
        {
            frontEnd.Running++;
            var (told, _, _) = await frontEnd.Repeat(key, command, decide, TimeSpan.FromHours(6));
            oracle.Findings.Require(told || !plan.IsCalm, Law.Answered, $"{key} does not answer an operator");
            frontEnd.Running--;
        }
    }

    private static OperatorOutcome Change(KeyAccount account, ChangeSettings command, DateTimeOffset now, ICollection<LedgerEntry> entries) =>
        account.ChangeSettings(command, now, entries);

    private KeyLimits SomeLimits() => new()
    {
        MaxConcurrent = dice.OneIn(2) ? null : 1 + dice.Below(4),
        RequestsPerMinute = dice.OneIn(2) ? null : 1 + dice.Below(20),
        TokensPerMinute = dice.OneIn(2) ? null : dice.Between(200, 5000),
        Models = dice.Below(8) switch { 0 => ["grok-4.20"], 1 => ["grok-4.20", "grok-4.3"], _ => null },
        Budget = dice.OneIn(2)
            ? null
            : new KeyBudget { Amount = new UsdTicks(dice.Between(500, plan.SmallBalance ? 4000 : 40_000)), Period = (BudgetPeriod)dice.Below(3) },
    };
}
