using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Limits;
using LlmTr.Money;

namespace LlmTr.Grains.Accounts;

/// <content>The commands of an operator about the key itself: issue, settings, rotation, revocation.</content>
public sealed partial class KeyAccount
{
    /// <summary>The longest that an old secret stays good.</summary>
    public static readonly TimeSpan MaxGrace = TimeSpan.FromDays(366);

    /// <summary>Decides about a new key: its issue and, where there is one, its first credit, in one step.</summary>
    /// <exception cref="ArgumentException">The credit is negative, or a limit is out of its range.</exception>
    public OperatorOutcome Issue(IssueKey command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (command.Credit.IsNegative)
            throw new ArgumentException("A credit is zero or more.", nameof(command));
        var settings = new KeySettings(command.Label, Checked(command.Limits ?? KeyLimits.None), WholeMilliseconds(command.ExpiresAt), Disabled: false);
        if (Exists)
            return _secret.Matches(command.Secret) ? OperatorOutcome.Done : OperatorOutcome.Conflict;

        entries.Add(settings.WriteTo(Next(LedgerEntryKind.KeyIssued, now) with
        {
            Prefix = command.Prefix,
            SecretSha256 = command.Secret.ToHex(),
            Actor = command.Actor,
            Reason = command.Reason,
        }));
        if (command.Credit.IsPositive)
            entries.Add(Credited(Seq + 2, now, FirstCreditId, command.Credit, command.Actor));
        return OperatorOutcome.Done;
    }

    /// <summary>Decides about other settings.</summary>
    /// <exception cref="ArgumentException">A limit is out of its range, or the expiry is both set and cleared.</exception>
    public OperatorOutcome ChangeSettings(ChangeSettings command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (command is { ExpiresAt: not null, ClearExpiry: true })
            throw new ArgumentException("An expiry is either set or cleared.", nameof(command));
        if (RefusedChange() is { } refused)
            return refused;
        if (command.ChangeId is { } id)
        {
            if (_ended.TryGet(id, out _))
                return OperatorOutcome.Done;
            if ((now - id.MadeAt).Duration() > MaxIdAge)
                return OperatorOutcome.Conflict;
        }

        var settings = new KeySettings(
            command.Label ?? _settings.Label,
            Checked(command.Limits ?? _settings.Limits),
            command.ClearExpiry ? null : WholeMilliseconds(command.ExpiresAt) ?? _settings.ExpiresAt,
            command.Disabled ?? _settings.Disabled);

        // What has an id is written though it changes nothing: its late repeat must not change anything either.
        if (settings != _settings || command.ChangeId is not null)
        {
            entries.Add(settings.WriteTo(Next(LedgerEntryKind.LimitsChanged, now) with
            {
                RequestId = command.ChangeId,
                Actor = command.Actor,
                Reason = command.Reason,
            }));
        }

        return OperatorOutcome.Done;
    }

    /// <summary>Decides about a new secret.</summary>
    /// <exception cref="ArgumentException">The grace is negative or longer than <see cref="MaxGrace"/>.</exception>
    public OperatorOutcome Rotate(RotateKey command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (command.Grace < TimeSpan.Zero || command.Grace > MaxGrace)
            throw new ArgumentException("The grace of a rotation is from zero to 366 days.", nameof(command));
        if (RefusedChange() is { } refused)
            return refused;
        if (WasGiven(command.Secret))
            return OperatorOutcome.Done;

        entries.Add(Next(LedgerEntryKind.KeyRotated, now) with
        {
            SecretSha256 = command.Secret.ToHex(),
            OldSecretGoodUntil = WholeMilliseconds(now + command.Grace),
            Actor = command.Actor,
            Reason = command.Reason,
        });
        return OperatorOutcome.Done;
    }

    /// <summary>Decides about the end of the key.</summary>
    public OperatorOutcome Revoke(RevokeKey command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (!Exists)
            return OperatorOutcome.UnknownKey;
        if (!_revoked)
            entries.Add(Next(LedgerEntryKind.KeyRevoked, now) with { Actor = command.Actor, Reason = command.Reason });
        return OperatorOutcome.Done;
    }

    // True for the key's secret and for all that it had before.
    private bool WasGiven(SecretHash secret) => Exists && (_secret.Matches(secret) || _pastSecrets.Contains(secret.ToHex()));

    private OperatorOutcome? RefusedChange()
    {
        if (!Exists)
            return OperatorOutcome.UnknownKey;
        return _revoked ? OperatorOutcome.Revoked : null;
    }

    private static KeyLimits Checked(KeyLimits limits) => limits.IsValid ? limits : throw new ArgumentException(KeyLimits.Requirement, nameof(limits));

    private static DateTimeOffset? WholeMilliseconds(DateTimeOffset? moment) => moment is { } some ? WholeMilliseconds(some.ToUniversalTime()) : null;

    // An entry of no amount that changes nothing but what its kind says.
    private LedgerEntry Next(LedgerEntryKind kind, DateTimeOffset now) => new()
    {
        Seq = Seq + 1,
        At = now,
        Kind = kind,
        Amount = UsdTicks.Zero,
        Balance = Balance,
        Held = Held,
    };
}
