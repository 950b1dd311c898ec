using System.Text;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Accounts;

/// <content>The commands of an operator about money and cases; see <c>KeyAccount.Settings.cs</c> for those about the key itself.</content>
public sealed partial class KeyAccount
{
    // Callers' ids get a prefix of their own, so none of them can be this one.
    private const string FirstCreditId = "key_issued";

    // A line is UTF-8: of half a surrogate pair it keeps a replacement character only, and two ids would become one.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decides about a credit.</summary>
    /// <exception cref="ArgumentException">The amount is not above zero, or the id is not well-formed Unicode.</exception>
    public OperatorOutcome Credit(Credit command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (!command.Amount.IsPositive)
            throw new ArgumentException("A credit is above zero.", nameof(command));
        var id = "credit:" + WellFormed(command.CreditId);
        if (PostedBefore(id, command.Amount) is { } before)
            return before;

        // Balance, charges and debits add up to all credits. Bounding those, and not the balance alone, lets no later charge overflow the sum of the charges.
        if (command.Amount > UsdTicks.MaxValue - Balance - _charged - _debited)
            return OperatorOutcome.OutOfRange;

        entries.Add(Credited(Seq + 1, now, id, command.Amount, command.Actor) with { Reference = command.Reference, Note = command.Note });
        return OperatorOutcome.Done;
    }

    /// <summary>Decides about a debit.</summary>
    /// <exception cref="ArgumentException">The amount is not above zero, or the id is not well-formed Unicode.</exception>
    public OperatorOutcome Debit(Debit command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (!command.Amount.IsPositive)
            throw new ArgumentException("A debit is above zero.", nameof(command));
        var id = "debit:" + WellFormed(command.DebitId);
        if (PostedBefore(id, command.Amount) is { } before)
            return before;
        if (command.Amount > Available)
            return OperatorOutcome.InsufficientBalance;

        entries.Add(Next(LedgerEntryKind.Debited, now) with
        {
            Amount = command.Amount,
            Balance = Balance - command.Amount,
            DebitId = id,
            Reference = command.Reference,
            Note = command.Note,
            Actor = command.Actor,
        });
        return OperatorOutcome.Done;
    }

    /// <summary>Decides about the end of a case, as an operator learnt or wants it.</summary>
    /// <exception cref="ArgumentException">The cost is not above zero, or so large that the sum of all overruns could not be written.</exception>
    public ResolveCaseReply ResolveCase(ResolveCase command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (command.Cost is { IsPositive: false })
            throw new ArgumentException("A case is settled at a cost above zero, or waived.", nameof(command));
        if (!_cases.TryGetValue(command.Id, out var open))
            return ResolvedBefore(command);

        if (command.Cost is { } cost)
        {
            var settled = AddCharge(command.Id, null, cost, entries, Next(LedgerEntryKind.HoldSettled, now) with
            {
                CostSource = CostSource.Operator,
                Model = open.Model,
                Endpoint = open.Endpoint,
                Note = command.Note,
                Actor = command.Actor,
            });
            return new ResolveCaseReply
            {
                Outcome = ResolveOutcome.Done,
                Charged = settled.Charged,
                Overrun = settled.Overrun,
                Available = settled.Available,
            };
        }

        // The hold went back when the case was opened: nothing is left to give.
        entries.Add(Next(LedgerEntryKind.HoldReleased, now) with
        {
            RequestId = command.Id,
            Model = open.Model,
            Endpoint = open.Endpoint,
            Reason = "waived",
            Note = command.Note,
            Actor = command.Actor,
        });
        return new ResolveCaseReply { Outcome = ResolveOutcome.Done, Available = Available };
    }

    private ResolveCaseReply ResolvedBefore(ResolveCase command)
    {
        if (!Exists)
            return new ResolveCaseReply { Outcome = ResolveOutcome.UnknownKey };
        if (!_ended.TryGet(command.Id, out var ended))
            return new ResolveCaseReply { Outcome = ResolveOutcome.UnknownCase, Available = Available };
        var asAsked = command.Cost is { } cost
            ? ended.Kind == LedgerEntryKind.HoldSettled && ended.Charged + ended.Overrun == cost
            : ended.Kind == LedgerEntryKind.HoldReleased;
        return new ResolveCaseReply
        {
            Outcome = asAsked ? ResolveOutcome.Done : ResolveOutcome.Conflict,
            Charged = ended.Charged,
            Overrun = ended.Overrun,
            Available = Available,
        };
    }

    private OperatorOutcome? PostedBefore(string id, UsdTicks amount)
    {
        if (!Exists)
            return OperatorOutcome.UnknownKey;
        if (!_credits.TryGetValue(id, out var posted))
            return null;
        return posted == amount ? OperatorOutcome.Done : OperatorOutcome.Conflict;
    }

    private static string WellFormed(string id)
    {
        _ = StrictUtf8.GetByteCount(id);
        return id;
    }

    private LedgerEntry Credited(long seq, DateTimeOffset now, string creditId, UsdTicks amount, string actor) => Next(LedgerEntryKind.Credited, now) with
    {
        Seq = seq,
        Amount = amount,
        Balance = Balance + amount,
        CreditId = creditId,
        Actor = actor,
    };
}
