namespace LlmTr.Grains.Abstractions;

/// <summary>
/// The account's ledger could not be read or written. The outcome of the command is unknown: repeat it with the same id.
/// </summary>
[GenerateSerializer, Alias("llmtr.AccountUnavailableException")]
public sealed class AccountUnavailableException : Exception
{
    /// <summary>Nothing more is known.</summary>
    public AccountUnavailableException()
        : this("The account's ledger cannot be reached. Repeat the command with the same id.")
    {
    }

    /// <summary>Says why.</summary>
    public AccountUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what lies behind it.</summary>
    public AccountUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// What is wrong with the ledger, a sentence, where it contradicts itself: then the account serves nobody until someone has looked, however often it is asked. Null where waiting may help.
    /// </summary>
    [Id(0)] public string? BrokenLedger { get; init; }
}
