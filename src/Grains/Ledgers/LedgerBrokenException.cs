namespace LlmTr.Grains.Ledgers;

/// <summary>
/// A ledger, or an entry about to join it, contradicts itself. The account is not served until someone has looked: money that does not add
/// up is worse than a refusal.
/// </summary>
public sealed class LedgerBrokenException : Exception
{
    /// <summary>Says nothing more.</summary>
    public LedgerBrokenException()
        : this("The ledger contradicts itself.")
    {
    }

    /// <summary>Says where and how.</summary>
    public LedgerBrokenException(string message)
        : base(message)
    {
    }

    /// <summary>Says where and how, and what lies behind it.</summary>
    public LedgerBrokenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
