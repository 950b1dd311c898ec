namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>
/// The few things that a ledger needs of a blob container, each of them one request. What a member returns is certain; an exception means that nobody
/// knows, and that a write may yet take effect, now or later.
/// </summary>
internal interface ILedgerBlobs
{
    /// <summary>Adds a block to an append blob if the blob is exactly so long; atomic, and durable when the task completes.</summary>
    Task<AppendedBlock> AppendAsync(string blob, long position, ReadOnlyMemory<byte> block, CancellationToken cancellation);

    /// <summary>Makes an empty append blob where there is none. One that is there stays as it is.</summary>
    Task CreateAsync(string blob, CancellationToken cancellation);

    /// <summary>Bytes from an offset on, at most so many; null where there is no such blob.</summary>
    Task<BlobPart?> ReadAsync(string blob, long offset, int mostBytes, CancellationToken cancellation);

    /// <summary>Blobs whose names begin with a prefix, from a name on (itself included), in ordinal order of their names. Fewer than asked for only at the end.</summary>
    Task<IReadOnlyList<ListedBlob>> ListAsync(string prefix, string from, int most, CancellationToken cancellation);

    /// <summary>Puts a blob in place of an earlier one of its name. The content is asked for on any thread, at any time before the task completes.</summary>
    Task ReplaceAsync(string blob, Func<byte[]> content, CancellationToken cancellation);

    /// <summary>The whole of a blob; null where there is none.</summary>
    Task<byte[]?> ReadWholeAsync(string blob, CancellationToken cancellation);
}

/// <summary>What became of a block.</summary>
internal enum AppendOutcome
{
    /// <summary>It is in the blob.</summary>
    Appended,

    /// <summary>The blob is longer or shorter; nothing was written.</summary>
    WrongPosition,

    /// <summary>There is no such blob; nothing was written.</summary>
    NoBlob,
}

/// <summary>The answer to an append.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Blocks">How many blocks the blob has now; 0 unless it was appended.</param>
internal readonly record struct AppendedBlock(AppendOutcome Outcome, int Blocks = 0);

/// <summary>A part of a blob, and how large the whole was at that moment.</summary>
/// <param name="Bytes">Empty where the blob ends at or before the offset.</param>
/// <param name="Length">Bytes of the whole blob; the offset that was asked for where nothing is there.</param>
/// <param name="Blocks">Blocks of the whole blob; 0 where nothing is there.</param>
internal readonly record struct BlobPart(ReadOnlyMemory<byte> Bytes, long Length, int Blocks);

/// <summary>An entry of a list of blobs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct ListedBlob(string Name, long Length);
