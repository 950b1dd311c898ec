using LlmTr.Grains.Abstractions;

namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>What a key may do after a line of its ledger, read off the lines alone.</summary>
internal sealed record KeyTerms
{
    public static KeyTerms None { get; } = new();

    public string? Secret { get; private init; }

    public string? OldSecret { get; private init; }

    public DateTimeOffset OldSecretGoodUntil { get; private init; }

    public bool Revoked { get; private init; }

    public bool Disabled { get; private init; }

    public DateTimeOffset? ExpiresAt { get; private init; }

    public int? MaxConcurrent { get; private init; }

    public int? RequestsPerMinute { get; private init; }

    public long? TokensPerMinute { get; private init; }

    public string? Models { get; private init; }

    public long? Budget { get; private init; }

    public BudgetPeriod? Period { get; private init; }

    /// <summary>Whether a secret opens the key at a moment.</summary>
    public bool Opens(string secret, DateTimeOffset at) => !Revoked && (secret == Secret || (secret == OldSecret && at < OldSecretGoodUntil));

    public bool Allows(string model) => Models is null || (" " + Models + " ").Contains(" " + model + " ", StringComparison.Ordinal);

    /// <summary>The terms after one more line.</summary>
    public KeyTerms After(LedgerEntry entry) => entry.Kind switch
    {
        LedgerEntryKind.KeyIssued => WithSettings(entry) with { Secret = entry.SecretSha256 },
        LedgerEntryKind.LimitsChanged => WithSettings(entry),
        LedgerEntryKind.KeyRotated => this with { Secret = entry.SecretSha256, OldSecret = Secret, OldSecretGoodUntil = entry.OldSecretGoodUntil!.Value },
        LedgerEntryKind.KeyRevoked => this with { Revoked = true },
        _ => this,
    };

    private KeyTerms WithSettings(LedgerEntry entry) => this with
    {
        Disabled = entry.Status == KeyStatus.Disabled,
        ExpiresAt = entry.ExpiresAt,
        MaxConcurrent = entry.MaxConcurrent,
        RequestsPerMinute = entry.RequestsPerMinute,
        TokensPerMinute = entry.TokensPerMinute,
        Models = entry.Models,
        Budget = entry.Budget?.Value,
        Period = entry.BudgetPeriod,
    };
}
