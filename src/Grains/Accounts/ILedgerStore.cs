using LlmTr.Grains.Snapshots;

namespace LlmTr.Grains.Accounts;

/// <summary>
/// Where ledgers live. An append is atomic, durable when its task completes, and refused on a wrong position: that fence, not "one activation",
/// is what keeps two activations of one account from spending the same money.
/// </summary>
public interface ILedgerStore
{
    /// <summary>
    /// The end of an account's ledger and the position behind it; no lines and <see cref="LedgerPosition.Start"/> for an unknown one. With a snapshot, the lines begin with
    /// the snapshot's own; a store may leave out earlier lines of a long ledger, never the last, and the caller reads those with <see cref="ReadAsync"/>.
    /// </summary>
    Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation);

    /// <summary>Adds lines behind a position and returns the next one.</summary>
    /// <exception cref="ArgumentException">
    /// There are no lines, or more than the store takes at once (4 MiB on Azure; accounts send little more than 1), or one is empty or holds a line end; a store may also refuse one that does not
    /// begin as a <see cref="Ledgers.LedgerLine"/> does, with its sequence number, one more than the line before. Nothing was written.
    /// </exception>
    /// <exception cref="LedgerConflictException">Another writer has appended at this position; nothing was written.</exception>
    /// <remarks>Any other exception, and a task that does not complete in time, mean that the outcome is unknown.</remarks>
    Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation);

    /// <summary>At most <paramref name="limit"/> lines from a sequence number on (1 is the first).</summary>
    Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation);

    /// <summary>
    /// Keeps a snapshot for later loads, in place of an earlier one of the account. Best effort: a store may keep none, lose it, or
    /// give back an older one. Called only when the snapshot's entry is durable.
    /// </summary>
    Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>At most <paramref name="limit"/> account names behind <paramref name="after"/>, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation);
}

/// <summary>What <see cref="ILedgerStore.LoadAsync"/> found.</summary>
/// <param name="Lines">Oldest first.</param>
/// <param name="Position">Where the next append goes.</param>
/// <param name="Snapshot">What <see cref="LedgerSnapshot.Encode"/> gave for an entry that is in the ledger; null where there is none. Not checked by the store.</param>
public sealed record StoredLedger(IReadOnlyList<byte[]> Lines, LedgerPosition Position, byte[]? Snapshot = null);

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
