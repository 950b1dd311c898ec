using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace LlmTr.Silo.Azure.Jobs;

/// <summary>The empty blobs of a container: made, taken away and listed by their names.</summary>
internal sealed class JobContainer(BlobContainerClient container)
{
    // What a blob service gives in one answer at most.
    private const int MostInOneAnswer = 5000;

    // A list of one page of jobs need not bring thousands of names.
    private const int LeastInOneAnswer = 100;

    /// <summary>Makes blobs, all at once; those that are there stay as they are.</summary>
    public Task MakeAsync(IEnumerable<string> names, CancellationToken cancellation, IDictionary<string, string>? metadata = null) =>
        Task.WhenAll(names.Select(name => MakeAsync(name, metadata, cancellation)));

    /// <summary>Takes blobs away, all at once; those that are not there are no failure.</summary>
    public Task DeleteAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.WhenAll(names.Select(name => DeleteAsync(name, cancellation)));

    /// <summary>Names in their order. One request for every 5,000 that are listed.</summary>
    /// <param name="prefix">What they begin with; left out of none.</param>
    /// <param name="from">The first that may come, itself included; null from the beginning on.</param>
    /// <param name="about">How many are wanted, as far as known.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<BlobItem> ListAsync(string prefix, string? from, int about, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var options = new GetBlobsOptions { Prefix = prefix, StartFrom = from, Traits = BlobTraits.Metadata };
        await foreach (var page in container.GetBlobsAsync(options, cancellation).AsPages(pageSizeHint: Math.Clamp(about, LeastInOneAnswer, MostInOneAnswer)))
        {
            foreach (var blob in page.Values)
            {
                // An emulator or an older service may not know where to start from.
                if (from is null || string.CompareOrdinal(blob.Name, from) >= 0)
                    yield return blob;
            }
        }
    }

    /// <summary>Whether the container is there.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellation) => await container.ExistsAsync(cancellation);

    private async Task MakeAsync(string name, IDictionary<string, string>? metadata, CancellationToken cancellation)
    {
        try
        {
            var options = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All }, Metadata = metadata };
            await container.GetBlockBlobClient(name).UploadAsync(Stream.Null, options, cancellation);
        }
        catch (RequestFailedException refused) when (refused.ErrorCode == BlobErrorCode.BlobAlreadyExists || refused.Status == 412)
        {
            // It stays.
        }
    }

    private async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await container.GetBlobClient(name).DeleteAsync(cancellationToken: cancellation);
        }
        catch (RequestFailedException refused) when (refused.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            // It is gone.
        }
    }
}
