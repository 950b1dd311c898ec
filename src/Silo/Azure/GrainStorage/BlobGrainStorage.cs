using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace LlmTr.Silo.Azure.GrainStorage;

/// <summary>
/// Grain state in one blob each, by ETag: what Orleans' own provider does (Microsoft.Orleans.Persistence.AzureStorage 10.4), which stands behind the MSBuild property
/// <c>OrleansAzureStorage</c> because it cannot be restored everywhere. Names, contents and outcomes are the same, so that a deployment changes from one to the other
/// over its data: the blob <c>{state name}-{grain id}.json</c>, type <c>application/octet-stream</c>; a blob or container that is missing reads as no state; a write
/// makes a missing container; a clear deletes.
/// </summary>
/// <remarks>
/// <see cref="InconsistentStateException"/> means that nothing was changed. Any other exception leaves the outcome unknown, so the client must not repeat requests by
/// itself: its own repeat would turn a success whose answer was lost into a conflict.
/// </remarks>
public sealed class BlobGrainStorage(BlobContainerClient container, IGrainStorageSerializer serializer, IActivatorProvider activators)
    : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private const string MediaType = "application/octet-stream";

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        try
        {
            var blob = (await Blob(stateName, grainId).DownloadContentAsync(cancellationToken)).Value;
            var state = blob.Content.ToMemory().IsEmpty ? default : serializer.Deserialize<T>(blob.Content);
            Set(grainState, state, blob.Details.ETag.ToString());
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            Set(grainState, default, null);
        }
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        // Before the first await: the grain may change its state while this waits.
        var content = serializer.Serialize(grainState.State);
        var blob = Blob(stateName, grainId);
        var options = new BlobUploadOptions { Conditions = Unchanged(grainState.ETag), HttpHeaders = new BlobHttpHeaders { ContentType = MediaType } };
        Response<BlobContentInfo> written;
        try
        {
            written = await OrConflictAsync(blob.UploadAsync(content, options, cancellationToken), blob, grainState.ETag);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            written = await OrConflictAsync(blob.UploadAsync(content, options, cancellationToken), blob, grainState.ETag);
        }

        grainState.ETag = written.Value.ETag.ToString();
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var blob = Blob(stateName, grainId);
        await OrConflictAsync(blob.DeleteIfExistsAsync(DeleteSnapshotsOption.None, Unchanged(grainState.ETag), cancellationToken), blob, grainState.ETag);
        Set(grainState, default, null);
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(BlobGrainStorage), ServiceLifecycleStage.ApplicationServices, cancellation => container.CreateIfNotExistsAsync(cancellationToken: cancellation));

    private static async Task<T> OrConflictAsync<T>(Task<T> request, BlobClient blob, string? etag)
    {
        try
        {
            return await request;
        }
        catch (RequestFailedException refused) when (refused.Status is 409 or 412 || (refused.Status == 404 && refused.ErrorCode != BlobErrorCode.ContainerNotFound))
        {
            throw new InconsistentStateException($"The blob '{blob.Name}' was written by another since it was read.", "unknown", etag ?? "none", refused);
        }
    }

    private static BlobRequestConditions Unchanged(string? etag) =>
        string.IsNullOrEmpty(etag) ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = new ETag(etag) };

    private void Set<T>(IGrainState<T> grainState, T? state, string? etag)
    {
        grainState.State = state ?? activators.GetActivator<T>().Create();
        grainState.ETag = etag;
        grainState.RecordExists = state is not null;
    }

    private BlobClient Blob(string stateName, GrainId grainId) => container.GetBlobClient($"{stateName}-{grainId}.json");
}
