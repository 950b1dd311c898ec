using LlmTr.Grains.Accounts;
using LlmTr.Silo.Azure.Ledgers;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>The protocol of the Azure store over blobs in memory: one blob each, as nearly all ledgers are.</summary>
public class BlobLedgerConformanceTests : LedgerStoreConformance
{
    private readonly InMemoryBlobs _blobs = new();
    private ILedgerStore? _store;

    protected override ILedgerStore Store => _store ??= new AzureLedgerStore(_blobs, Options);

    protected override bool LosesSnapshotsFirst => false;

    private protected virtual AzureLedgerOptions Options { get; } = new();

    protected override Task ReopenAsync()
    {
        // Another process remembers nothing.
        _store = null;
        return Task.CompletedTask;
    }
}

/// <summary>The same with a new blob at every third append.</summary>
public sealed class RollingBlobLedgerConformanceTests : BlobLedgerConformanceTests
{
    private protected override AzureLedgerOptions Options { get; } = new() { RollAtBlocks = 2 };
}

/// <summary>The same with a search at almost every read.</summary>
public sealed class SearchedBlobLedgerConformanceTests : BlobLedgerConformanceTests
{
    private protected override AzureLedgerOptions Options { get; } = new() { RollAtBlocks = 5, SearchBytes = 1 };
}
