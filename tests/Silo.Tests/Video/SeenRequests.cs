using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace LlmTr.Silo.Tests.Video;

/// <summary>What was asked of a blob service; an answer can be lost on its way back.</summary>
internal sealed class SeenRequests : HttpPipelinePolicy
{
    private readonly ConcurrentQueue<string> _seen = new();

    /// <summary>Of which requests the answer is lost, after the service has done what they ask.</summary>
    public Func<string, bool>? LoseAnswers { get; set; }

    /// <summary>Their methods and addresses.</summary>
    public IReadOnlyCollection<string> Texts => _seen;

    /// <summary>A client that repeats nothing, and whose requests are seen here.</summary>
    public BlobServiceClient Client(string connectionString)
    {
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return new BlobServiceClient(connectionString, options);
    }

    public void Clear() => _seen.Clear();

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var request = $"{message.Request.Method} {Uri.UnescapeDataString(message.Request.Uri.ToString())}";
        _seen.Enqueue(request);
        await ProcessNextAsync(message, pipeline);
        if (LoseAnswers?.Invoke(request) == true)
            throw new RequestFailedException("The answer was lost.");
    }
}
