using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Snapshots;

namespace LlmTr.Grains.Accounts;

/// <content>The account as a snapshot keeps it, so that a long ledger need not be read from its beginning.</content>
public sealed partial class KeyAccount
{
    /// <summary>How much a snapshot would hold: open holds and cases, remembered ids of ended holds, of credits and of idempotency keys.</summary>
    internal int StateSize => _holds.Count + _cases.Count + _ended.Count + _credits.Count + _firsts.Count;

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
