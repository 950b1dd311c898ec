using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Accounts;

/// <content>The account as a snapshot keeps it, so that a long ledger need not be read from its beginning.</content>
public sealed partial class KeyAccount
{
    /// <summary>How much a snapshot would hold: open holds and cases, remembered ids of ended holds, of credits and of idempotency keys.</summary>
    internal int StateSize => _holds.Count + _cases.Count + _ended.Count + _credits.Count + _firsts.Count;

    /// <summary>The bytes that the memory of ended holds takes.</summary>
    internal long EndedHoldBytes => _ended.Bytes;

    /// <summary>The account as it stands now; what comes later does not change what was captured.</summary>
    /// <exception cref="InvalidOperationException">A settlement's overrun is still to be booked.</exception>
    internal AccountState Capture() => _uncovered is not null
        ? throw new InvalidOperationException("Between a settlement and its overrun an account is not whole.")
        : new AccountState
        {
            Seq = Seq,
            LastEntryAt = LastEntryAt,
            Balance = Balance,
            Held = Held,
            Prefix = _prefix,
            Settings = _settings,
            Secret = _secret.ToHex(),
            PastSecrets = [.. _pastSecrets],
            OldSecret = _oldSecret.ToHex(),
            OldSecretGoodUntil = _oldSecretGoodUntil,
            Revoked = _revoked,
            CreatedAt = _createdAt,
            SettledRequests = _settledRequests,
            Debited = _debited,
            Charged = _charged,
            Overruns = _overruns,
            Rates = _rates.Capture(),
            BudgetUse = _budgetUse.Capture(),
            Firsts = _firsts.Capture(),
            Holds = [.. _holds.Select(static hold => new HoldState(hold.Key, hold.Value))],
            Cases = [.. _cases.Select(static open => new CaseState(open.Key, open.Value))],
            Credits = new(_credits, StringComparer.Ordinal),
            Ended = _ended.Capture(),
        };

    /// <summary>The account that was captured.</summary>
    /// <exception cref="Exception">The state is not one that was captured.</exception>
    internal static KeyAccount Restore(AccountState state)
    {
        var account = new KeyAccount
        {
            Seq = state.Seq,
            LastEntryAt = state.LastEntryAt,
            Balance = state.Balance,
            Held = state.Held,
            _prefix = state.Prefix,
            _settings = state.Settings,
            _secret = SecretHash.FromHex(state.Secret),
            _oldSecret = SecretHash.FromHex(state.OldSecret),
            _oldSecretGoodUntil = state.OldSecretGoodUntil,
            _revoked = state.Revoked,
            _createdAt = state.CreatedAt,
            _settledRequests = state.SettledRequests,
            _debited = state.Debited,
            _charged = state.Charged,
            _overruns = state.Overruns,
        };
        account._pastSecrets.UnionWith(state.PastSecrets);
        foreach (var (id, hold) in state.Holds)
        {
            account._holds.Add(id, hold);
            account._deadlines.Add((hold.Deadline, id.Value));
        }

        foreach (var (id, open) in state.Cases)
            account._cases.Add(id, open);
        foreach (var (id, amount) in state.Credits)
            account._credits.Add(id, amount);
        account._ended.Restore(state.Ended);
        account._rates.Restore(state.Rates);
        account._budgetUse.Restore(state.BudgetUse);
        account._firsts.Restore(state.Firsts);
        return account;
    }
}

/// <summary>
/// All that a <see cref="KeyAccount"/> knows, member by member under the same names. A member more there or here, or one with another meaning, needs another
/// <see cref="LedgerSnapshot.Schema"/>: snapshots of the old one are then passed over.
/// </summary>
internal sealed record AccountState
{
    public required long Seq { get; init; }

    public required DateTimeOffset LastEntryAt { get; init; }

    public required UsdTicks Balance { get; init; }

    public required UsdTicks Held { get; init; }

    public required string? Prefix { get; init; }

    public required KeySettings Settings { get; init; }

    public required string Secret { get; init; }

    public required string[] PastSecrets { get; init; }

    public required string OldSecret { get; init; }

    public required DateTimeOffset OldSecretGoodUntil { get; init; }

    public required bool Revoked { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long SettledRequests { get; init; }

    public required UsdTicks Debited { get; init; }

    public required UsdTicks Charged { get; init; }

    public required UsdTicks Overruns { get; init; }

    public required HoldState[] Holds { get; init; }

    public required CaseState[] Cases { get; init; }

    public required Dictionary<string, UsdTicks> Credits { get; init; }

    public required EndedMinuteState[] Ended { get; init; }

    public required RateSlotState[] Rates { get; init; }

    public required BudgetPeriodState[] BudgetUse { get; init; }

    public required FirstRequestsState Firsts { get; init; }
}

/// <summary>An open hold in a snapshot.</summary>
internal readonly record struct HoldState(RequestId Id, KeyAccount.OpenHold Hold);

/// <summary>An open case in a snapshot.</summary>
internal readonly record struct CaseState(RequestId Id, KeyAccount.OpenCase Case);
