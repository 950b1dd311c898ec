using System.Text;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Accounts;

/// <content>The commands of an operator.</content>
public sealed partial class KeyAccount
{
    // Callers' ids get a prefix of their own, so none of them can be this one.
    private const string FirstCreditId = "key_issued";

    // A line is UTF-8: of half a surrogate pair it keeps a replacement character only, and two ids would become one.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decides about a new key: its issue and, where there is one, its first credit, in one step.</summary>
    /// <exception cref="ArgumentException">The credit is negative.</exception>
    public OperatorOutcome Issue(IssueKey command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (command.Credit.IsNegative)
            throw new ArgumentException("A credit is zero or more.", nameof(command));
        if (Exists)
            return _secret.Matches(command.Secret) ? OperatorOutcome.Done : OperatorOutcome.Conflict;

        entries.Add(new LedgerEntry
        {
            Seq = Seq + 1,
            At = now,
            Kind = LedgerEntryKind.KeyIssued,
            Amount = UsdTicks.Zero,
            Balance = Balance,
            Held = Held,
            Prefix = command.Prefix,
            Label = command.Label,
            SecretSha256 = command.Secret.ToHex(),
            Actor = command.Actor,
        });
        if (command.Credit.IsPositive)
            entries.Add(Credited(Seq + 2, now, FirstCreditId, command.Credit, command.Actor));
        return OperatorOutcome.Done;
    }

    /// <summary>Decides about a credit.</summary>
    /// <exception cref="ArgumentException">The amount is not above zero, or the id is not well-formed Unicode.</exception>
    public OperatorOutcome Credit(Credit command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (!command.Amount.IsPositive)
            throw new ArgumentException("A credit is above zero.", nameof(command));
        _ = StrictUtf8.GetByteCount(command.CreditId);
        if (!Exists)
            return OperatorOutcome.UnknownKey;
        var id = "credit:" + command.CreditId;
        if (_credits.TryGetValue(id, out var posted))
            return posted == command.Amount ? OperatorOutcome.Done : OperatorOutcome.Conflict;

        // Balance and charges add up to all credits. Bounding those, and not the balance alone, lets no later charge overflow the sum of the charges.
        if (command.Amount > UsdTicks.MaxValue - Balance - _charged)
            return OperatorOutcome.OutOfRange;

        entries.Add(Credited(Seq + 1, now, id, command.Amount, command.Actor) with { Reference = command.Reference, Note = command.Note });
        return OperatorOutcome.Done;
    }

    private LedgerEntry Credited(long seq, DateTimeOffset now, string creditId, UsdTicks amount, string actor) => new()
    {
        Seq = seq,
        At = now,
        Kind = LedgerEntryKind.Credited,
        Amount = amount,
        Balance = Balance + amount,
        Held = Held,
        CreditId = creditId,
        Actor = actor,
    };
}
