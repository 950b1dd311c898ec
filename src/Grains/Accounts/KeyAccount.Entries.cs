using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Limits;
using LlmTr.Grains.Repeats;
using LlmTr.Money;

namespace LlmTr.Grains.Accounts;

/// <content>Taking in entries: what each kind does to the account, and what none may do.</content>
public sealed partial class KeyAccount
{
    /// <summary>Takes in the next entry, whether just decided or read back from the ledger.</summary>
    /// <exception cref="LedgerBrokenException">The entry does not follow from the account as it stands.</exception>
    public void Apply(LedgerEntry entry)
    {
        try
        {
            TakeIn(entry);
        }
        catch (Exception exception) when (exception is OverflowException or FormatException or ArgumentOutOfRangeException)
        {
            throw new LedgerBrokenException($"Entry {entry.Seq} ({entry.Kind}) is not possible: it holds a value out of range.", exception);
        }
    }

    private void TakeIn(LedgerEntry entry)
    {
        Require(entry.Seq == Seq + 1, entry, "its sequence number does not follow");
        Require(entry.At >= LastEntryAt, entry, "it is older than the entry before it");
        Require(!entry.Amount.IsNegative, entry, "its amount is negative");
        Require(Exists != (entry.Kind == LedgerEntryKind.KeyIssued), entry, "a key is issued once, and before all else");
        Require(_uncovered is null || entry.Kind == LedgerEntryKind.Overrun, entry, "the overrun of the settlement before it is missing");

        switch (entry.Kind)
        {
            case LedgerEntryKind.KeyIssued:
                ApplyIssued(entry);
                break;
            case LedgerEntryKind.Credited:
                Require(entry.Amount.IsPositive, entry, "it is of nothing");
                Require(_credits.TryAdd(Present(entry.CreditId, entry), entry.Amount), entry, "its credit was posted before");
                Balance += entry.Amount;
                break;
            case LedgerEntryKind.Debited:
                Require(entry.Amount.IsPositive, entry, "it is of nothing");
                Require(_credits.TryAdd(Present(entry.DebitId, entry), entry.Amount), entry, "its debit was posted before");
                Balance -= entry.Amount;
                _debited += entry.Amount;
                break;
            case LedgerEntryKind.LimitsChanged:
                Require(entry.Amount == UsdTicks.Zero && !_revoked, entry, "it moves money, or the key is revoked");
                ApplySettings(entry);
                ApplyChangeId(entry);
                break;
            case LedgerEntryKind.KeyRotated:
                Require(entry.Amount == UsdTicks.Zero && !_revoked, entry, "it moves money, or the key is revoked");
                _pastSecrets.Add(_secret.ToHex());
                (_oldSecret, _oldSecretGoodUntil) = (_secret, Present(entry.OldSecretGoodUntil, entry));
                _secret = SecretHash.FromHex(Present(entry.SecretSha256, entry));
                break;
            case LedgerEntryKind.KeyRevoked:
                Require(entry.Amount == UsdTicks.Zero && !_revoked, entry, "it moves money, or the key is revoked");
                _revoked = true;
                break;
            case LedgerEntryKind.HoldPlaced:
                ApplyHoldPlaced(entry);
                break;
            case LedgerEntryKind.HoldSettled:
                ApplyHoldSettled(entry);
                break;
            case LedgerEntryKind.Overrun:
                ApplyOverrun(entry);
                break;
            case LedgerEntryKind.HoldReleased:
                ApplyHoldEnded(entry, opensCase: false);
                break;
            case LedgerEntryKind.HoldExpired:
            case LedgerEntryKind.Unreconciled:
                ApplyHoldEnded(entry, opensCase: true);
                break;
            default:
                throw new LedgerBrokenException($"Entry {entry.Seq} is of a kind that this version does not know.");
        }

        Seq = entry.Seq;
        LastEntryAt = entry.At;
        Require(entry.Balance == Balance && entry.Held == Held, entry, "its balance or held amount is not what the entries add up to");
        Require(!Held.IsNegative && Held <= Balance, entry, "it would hold more than the balance");
    }

    private void ApplyIssued(LedgerEntry entry)
    {
        Require(entry.Amount == UsdTicks.Zero, entry, "money comes by a credit");
        _prefix = Present(entry.Prefix, entry);
        ApplySettings(entry);
        _secret = SecretHash.FromHex(Present(entry.SecretSha256, entry));
        _createdAt = entry.At;
    }

    private void ApplySettings(LedgerEntry entry)
    {
        Require(entry.Status is null or KeyStatus.Active or KeyStatus.Disabled, entry, "no operator can set this status");
        Require((entry.Budget is null) == (entry.BudgetPeriod is null), entry, "a budget has an amount and a period");
        _settings = KeySettings.Of(entry, Present(entry.Label, entry));
        Require(_settings.Limits.IsValid, entry, "a limit is out of its range");
    }

    // Remembered among the ended holds, for as long and in the same bounds: nobody can hold under the id of a change.
    private void ApplyChangeId(LedgerEntry entry)
    {
        if (entry.RequestId is not { } id)
            return;
        Require(IsNew(id) && !_holds.ContainsKey(id), entry, "its id was used before");
        _ended.Add(id, new EndedHold(LedgerEntryKind.HoldReleased, UsdTicks.Zero, UsdTicks.Zero), entry.At);
    }

    private void ApplyHoldPlaced(LedgerEntry entry)
    {
        var id = Present(entry.RequestId, entry);
        Fingerprint? idempotencyKey = entry.IdempotencyFingerprint is { } fingerprint ? Fingerprint.Parse(fingerprint) : null;
        var hold = new OpenHold(
            entry.Amount, Present(entry.Deadline, entry), Present(entry.Model, entry), Present(entry.Endpoint, entry), entry.At, entry.ReservedTokens ?? 0, idempotencyKey);
        Require(hold.Tokens >= 0, entry, "it reserves fewer tokens than none");
        Require(hold.Amount.IsPositive && hold.Deadline >= entry.At, entry, "it reserves nothing, or for no time");
        Require(IsNew(id) && _holds.TryAdd(id, hold), entry, "its id was used before");
        _deadlines.Add((hold.Deadline, id.Value));
        Held += entry.Amount;
        _rates.Add(entry.At, hold.Tokens);
        _budgetUse.Add(entry.At, hold.Amount);
        if (idempotencyKey is { } key)
            _firsts.Add(key, Fingerprint.Parse(Present(entry.BodyFingerprint, entry)), id, entry.At);
    }

    private void ApplyHoldSettled(LedgerEntry entry)
    {
        var id = Present(entry.RequestId, entry);
        if (entry.Hold is { } amount)
        {
            Require(Remove(id, out var hold) && hold.Amount == amount, entry, "its hold is not open");
            Held -= amount;
            if (entry.InputTokens is { } input && entry.OutputTokens is { } output)
                _rates.Correct(hold.PlacedAt, Math.Clamp(input, 0, MaxTokens) + Math.Clamp(output, 0, MaxTokens) - hold.Tokens);
            _budgetUse.Add(hold.PlacedAt, entry.Amount - amount);
            _firsts.End(hold.IdempotencyKey, id, entry.StatusCode, entry.Amount);
        }
        else
        {
            Require(_cases.Remove(id, out var open), entry, "it has neither a hold nor an open case");
            _budgetUse.Add(open.PlacedAt, entry.Amount);
            _firsts.End(open.IdempotencyKey, id, entry.StatusCode, entry.Amount);
        }

        var overrun = Present(entry.Cost, entry) - entry.Amount;
        Require(!overrun.IsNegative, entry, "it charges more than its cost");
        _ = Present(entry.CostSource, entry);
        _uncovered = overrun.IsPositive ? (id, overrun) : null;

        Balance -= entry.Amount;
        _charged += entry.Amount;
        _settledRequests++;
        _ended.Add(id, new EndedHold(entry.Kind, entry.Amount, overrun), entry.At);
    }

    private void ApplyOverrun(LedgerEntry entry)
    {
        Require(_uncovered == (Present(entry.RequestId, entry), entry.Amount), entry, "it is not what the settlement before it left uncovered");
        _uncovered = null;
        _overruns += entry.Amount;
    }

    private void ApplyHoldEnded(LedgerEntry entry, bool opensCase)
    {
        var id = Present(entry.RequestId, entry);
        if (Remove(id, out var hold))
        {
            Require(hold.Amount == entry.Amount, entry, "its amount is not the hold's");
            Require(entry.Kind != LedgerEntryKind.HoldExpired || entry.At > hold.Deadline, entry, "its hold is not past its deadline");
            Held -= entry.Amount;
            _budgetUse.Add(hold.PlacedAt, -hold.Amount);
            if (opensCase)
            {
                _cases.Add(id, new OpenCase(hold.Amount, hold.Model, hold.Endpoint, hold.PlacedAt, entry.At, entry.Reason ?? "", hold.IdempotencyKey));
                _firsts.End(hold.IdempotencyKey, id, entry.StatusCode, UsdTicks.Zero);
            }
            else
            {
                _rates.Correct(hold.PlacedAt, -hold.Tokens);
                _firsts.Forget(hold.IdempotencyKey, id);
            }
        }
        else if (entry is { Kind: LedgerEntryKind.HoldReleased, Actor: not null })
        {
            // Waived by an operator. A repeat of its request stays unanswered: it may have reached xAI.
            Require(entry.Amount == UsdTicks.Zero && _cases.Remove(id), entry, "it waives no open case");
        }
        else
        {
            // A release that came before its hold leaves a mark of no amount, so that the late hold is refused.
            Require(entry.Kind == LedgerEntryKind.HoldReleased && entry.Amount == UsdTicks.Zero && IsNew(id), entry, "its hold is not open");
        }

        _ended.Add(id, new EndedHold(entry.Kind, UsdTicks.Zero, UsdTicks.Zero), entry.At);
    }

    private bool IsNew(RequestId id) => !_ended.TryGet(id, out _) && !_cases.ContainsKey(id);

    private bool Remove(RequestId id, out OpenHold hold)
    {
        if (!_holds.Remove(id, out hold))
            return false;
        _deadlines.Remove((hold.Deadline, id.Value));
        return true;
    }

    private static void Require(bool condition, LedgerEntry entry, string otherwise)
    {
        if (!condition)
            throw new LedgerBrokenException($"Entry {entry.Seq} ({entry.Kind}) is not possible: {otherwise}.");
    }

    private static T Present<T>(T? value, LedgerEntry entry)
        where T : class => value ?? throw Missing(entry);

    private static T Present<T>(T? value, LedgerEntry entry)
        where T : struct => value ?? throw Missing(entry);

    private static LedgerBrokenException Missing(LedgerEntry entry) =>
        new($"Entry {entry.Seq} ({entry.Kind}) lacks a member that its kind needs.");
}
