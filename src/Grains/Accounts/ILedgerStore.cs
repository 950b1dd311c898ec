namespace LlmTr.Grains.Accounts;

/// <summary>
/// Where ledgers live. An append is atomic, durable when its task completes, and refused on a wrong position: that fence, not "one activation",
/// is what keeps two activations of one account from spending the same money.
/// </summary>
public interface ILedgerStore
{
    /// <summary>All lines of an account and the position behind them; no lines and <see cref="LedgerPosition.Start"/> for an unknown one.</summary>
    Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation);

    /// <summary>Adds lines behind a position and returns the next one.</summary>
    /// <exception cref="ArgumentException">There are no lines, or one is empty or holds a line end; nothing was written.</exception>
    /// <exception cref="LedgerConflictException">Another writer has appended at this position; nothing was written.</exception>
    /// <remarks>Any other exception, and a task that does not complete in time, mean that the outcome is unknown.</remarks>
    Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation);

    /// <summary>At most <paramref name="limit"/> lines from a sequence number on (1 is the first).</summary>
    Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation);

    /// <summary>At most <paramref name="limit"/> account names behind <paramref name="after"/>, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation);
}

/// <summary>What <see cref="ILedgerStore.LoadAsync"/> found.</summary>
/// <param name="Lines">Oldest first.</param>
/// <param name="Position">Where the next append goes.</param>
public sealed record StoredLedger(IReadOnlyList<byte[]> Lines, LedgerPosition Position);

/// <summary>
/// A place in an account's ledger. Only the store that made it knows what it means; it is never kept outside the activation.
/// </summary>
/// <param name="Segment">The store's own.</param>
/// <param name="Offset">The store's own.</param>
public readonly record struct LedgerPosition(long Segment, long Offset)
{
    /// <summary>Before the first line.</summary>
    public static LedgerPosition Start => default;
}

/// <summary>An append was refused because the ledger has grown since its position was read.</summary>
public sealed class LedgerConflictException : Exception
{
    /// <summary>Names no account.</summary>
    public LedgerConflictException()
        : this("The ledger has grown since its position was read.")
    {
    }

    /// <summary>Says which.</summary>
    public LedgerConflictException(string message)
        : base(message)
    {
    }

    /// <summary>Says which, and what the store said.</summary>
    public LedgerConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
