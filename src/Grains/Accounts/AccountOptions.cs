namespace LlmTr.Grains.Accounts;

/// <summary>How long an account waits for its ledger, and how often it cuts a snapshot.</summary>
public sealed class AccountOptions
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement =
        "Accounts:AppendTimeout must be from 00:00:00.010 to 00:00:04, Accounts:LoadTimeout from 00:00:00.010 to 00:05:00, Accounts:ReadTimeout from 00:00:00.010 to 00:00:30, and Accounts:SnapshotEvery from 1 to 1000000.";

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);

    /// <summary>Past this an append's outcome is unknown and the ledger is read again. Best below the response timeout of calls that somebody waits for (3 s), so that a slow store is told as such.</summary>
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Past this a load of the ledger has failed, and the next call begins another. Far above the response timeout: who waits for the load is told that the account is unavailable and
    /// asks again, and shares the load that is under way. Were it cut short each time, an account whose load takes longer than that would never be there.
    /// </summary>
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Past this a read of one part of the ledger has failed. Below the 5 s that operators' calls have; a call that a customer waits for (3 s) may be repeated while its read goes on, which changes nothing.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// A snapshot is cut after this many entries, from 1 to 1,000,000; later where the account is so large (many holds that ended lately) that it would be written
    /// too often. An activation reads about as many lines at most.
    /// </summary>
    public int SnapshotEvery { get; set; } = 500;

    /// <summary>True when all are in their ranges.</summary>
    public bool IsValid =>
        AppendTimeout >= Least && AppendTimeout <= TimeSpan.FromSeconds(4) && LoadTimeout >= Least && LoadTimeout <= TimeSpan.FromMinutes(5)
        && ReadTimeout >= Least && ReadTimeout <= TimeSpan.FromSeconds(30)
        && SnapshotEvery is >= 1 and <= 1_000_000;
}
