using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
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
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(requests, HttpPipelinePosition.PerRetry);
        var container = new BlobServiceClient(azurite.ConnectionString, options).GetBlobContainerClient($"{prefix}-jobs");
        await container.CreateIfNotExistsAsync();
        return new AzureJobStores(container, requests);
    }

    public static IActivatorProvider Activators() => new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<IActivatorProvider>();

    public async Task<string[]> NamesAsync() => await Container.GetBlobsAsync().Select(static blob => blob.Name).ToArrayAsync();
}

/// <summary>What was asked of a blob service; an answer can be lost on its way back.</summary>
internal sealed class SeenRequests : HttpPipelinePolicy
{
    private readonly ConcurrentQueue<string> _seen = new();

    /// <summary>Of which requests the answer is lost, after the service has done what they ask.</summary>
    public Func<string, bool>? LoseAnswers { get; set; }

    public int Count => _seen.Count;

    public void Clear() => _seen.Clear();

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var request = $"{message.Request.Method} {Uri.UnescapeDataString(message.Request.Uri.ToString())}";
        _seen.Enqueue(request);
        await ProcessNextAsync(message, pipeline);
        if (LoseAnswers?.Invoke(request) == true)
            throw new global::Azure.RequestFailedException("The answer was lost.");
    }
}
