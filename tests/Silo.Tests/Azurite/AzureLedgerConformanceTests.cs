using LlmTr.Grains.Accounts;
using LlmTr.Silo.Azure;
using LlmTr.Silo.Azure.Ledgers;
using LlmTr.Silo.Tests.Ledgers;

namespace LlmTr.Silo.Tests.Azurite;

/// <summary>The Azure store on real append blobs, with a new blob at every third append.</summary>
[Collection(AzuriteFixture.Collection), NeedsAzurite]
public sealed class AzureLedgerConformanceTests(AzuriteFixture azurite) : LedgerStoreConformance, IAsyncLifetime
{
    private readonly string _prefix = azurite.NewPrefix();
    private AzureStorage? _storage;
    private ILedgerStore? _store;

    protected override ILedgerStore Store => _store!;

    protected override bool LosesSnapshotsFirst => false;

    // Azurite takes a few hundred requests a second.
    protected override int ManyAccounts => 30;

    public async Task InitializeAsync()
    {
        await ReopenAsync();
        await _storage!.MakeContainerAsync(AzureLedger.Purpose, CancellationToken.None);
    }

    public Task DisposeAsync()
    {
        _storage?.Dispose();
        return Task.CompletedTask;
    }

    protected override Task ReopenAsync()
    {
        _storage?.Dispose();
        _storage = azurite.Storage(_prefix);
        _store = new AzureLedgerStore(new AzureLedgerBlobs(_storage), new AzureLedgerOptions { RollAtBlocks = 2 });
        return Task.CompletedTask;
    }
}
