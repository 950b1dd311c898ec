namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>When a ledger goes on in a new blob: section <c>Azure:Ledger</c> of the configuration. Nodes may differ in it.</summary>
public sealed class AzureLedgerOptions
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement = "Azure:Ledger:RollAtBlocks must be from 1 to 49000 and Azure:Ledger:RollAtBytes from 1 to 1099511627776.";

    /// <summary>A blob with so many blocks takes one more, which seals it. From 1 to 49,000: Azure takes 50,000 blocks in a blob.</summary>
    public int RollAtBlocks { get; set; } = 40_000;

    /// <summary>A blob of so many bytes takes one more block, which seals it. From 1 byte to 1 TiB.</summary>
    public long RollAtBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>True when both are in their ranges.</summary>
    public bool IsValid => RollAtBlocks is >= 1 and <= 49_000 && RollAtBytes is >= 1 and <= 1L << 40;

    /// <summary>A load reads about so many bytes at most; the host of an account without a good snapshot reads the rest page by page, each within its own time limit.</summary>
    internal int LoadBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>A search for a line ends in a stretch of so many bytes, which one request reads.</summary>
    internal int SearchBytes { get; init; } = 256 * 1024;

    internal bool IsFull(int blocks, long bytes) => blocks >= RollAtBlocks || bytes >= RollAtBytes;
}
