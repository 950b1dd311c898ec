using LlmTr.Silo.Azure;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Tests.Azurite;

/// <summary>
/// One Azurite for all test classes of <see cref="Collection"/>, which run one after the other; each test has containers of its own. Where there is no Azurite it
/// starts nothing, and the tests are skipped (<see cref="AzuriteFactAttribute"/>).
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime, IDisposable
{
    public const string Collection = "Azurite";

    private readonly AzuriteProcess _process = new();
    private int _prefixes;

    public string ConnectionString => _process.ConnectionString;

    public async Task InitializeAsync()
    {
        if (AzuriteProcess.Command is not null)
            await _process.StartAsync();
    }

    public Task DisposeAsync() => _process.StopAsync();

    public void Dispose() => _process.Dispose();

    /// <summary>A container prefix that nobody else has.</summary>
    public string NewPrefix() => $"test{Interlocked.Increment(ref _prefixes)}";

    /// <summary>The storage account, with containers of its own.</summary>
    public AzureStorage NewStorage() => Storage(NewPrefix());

    /// <summary>The storage account once more, with the containers of a prefix.</summary>
    public AzureStorage Storage(string prefix) => new(Options.Create(new AzureStorageOptions { ConnectionString = ConnectionString, ContainerPrefix = prefix }));
}

[CollectionDefinition(AzuriteFixture.Collection)]
public sealed class AzuriteCollectionDefinition : ICollectionFixture<AzuriteFixture>;
