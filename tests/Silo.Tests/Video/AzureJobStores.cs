using Azure.Storage.Blobs;
using LlmTr.Silo.Azure.GrainStorage;
using LlmTr.Silo.Azure.Jobs;
using LlmTr.Silo.Tests.Azurite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace LlmTr.Silo.Tests.Video;

/// <summary>The stores of a cluster's jobs over a container of an Azurite, with its requests in sight.</summary>
internal sealed class AzureJobStores
{
    private AzureJobStores(BlobContainerClient container, SeenRequests requests)
    {
        Container = container;
        Requests = requests;
        Jobs = new AzureVideoJobs(container, new BlobGrainStorage(container, new VideoJobSerializer(), Activators()));
        Markers = new AzureOpenMarkers(container);
    }

    public BlobContainerClient Container { get; }

    public SeenRequests Requests { get; }

    public AzureVideoJobs Jobs { get; }

    public AzureOpenMarkers Markers { get; }

    public static async Task<AzureJobStores> StartAsync(AzuriteFixture azurite, string prefix)
    {
        var requests = new SeenRequests();
        var container = requests.Client(azurite.ConnectionString).GetBlobContainerClient($"{prefix}-jobs");
        await container.CreateIfNotExistsAsync();
        return new AzureJobStores(container, requests);
    }

    public static IActivatorProvider Activators() => new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<IActivatorProvider>();

    public async Task<string[]> NamesAsync() => await Container.GetBlobsAsync().Select(static blob => blob.Name).ToArrayAsync();
}
