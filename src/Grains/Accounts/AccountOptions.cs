namespace LlmTr.Grains.Accounts;

/// <summary>How long an account waits for its ledger.</summary>
public sealed class AccountOptions
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement =
        "Accounts:AppendTimeout must be from 00:00:00.010 to 00:00:04 and Accounts:LoadTimeout from 00:00:00.010 to 00:00:30.";

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);

    /// <summary>Past this an append's outcome is unknown and the ledger is read again. Below the 5 s response timeout of grain calls.</summary>
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Past this a read of the ledger has failed.</summary>
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>True when both are in their ranges.</summary>
    public bool IsValid =>
        AppendTimeout >= Least && AppendTimeout <= TimeSpan.FromSeconds(4) && LoadTimeout >= Least && LoadTimeout <= TimeSpan.FromSeconds(30);
}
