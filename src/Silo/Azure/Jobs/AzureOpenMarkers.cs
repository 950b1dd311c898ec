using System.Globalization;
using Azure.Storage.Blobs;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;

namespace LlmTr.Silo.Azure.Jobs;

/// <summary>
/// Open markers as empty blobs whose names are the job and the token. To set one or to take it away is one request; to list them is one for every 5,000.
/// </summary>
public sealed class AzureOpenMarkers(BlobContainerClient container) : IOpenMarkers
{
    private const string SetAt = "set_at";

    private readonly JobContainer _blobs = new(container);

    /// <inheritdoc/>
    /// <exception cref="IOException">It is not known whether it was set.</exception>
    public async Task OpenAsync(OpenMarker marker, CancellationToken cancellation)
    {
        try
        {
            var metadata = new Dictionary<string, string> { [SetAt] = marker.SetAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) };
            await _blobs.MakeAsync([JobBlobs.Marker(marker.JobId, marker.Token)], cancellation, metadata);
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of("The open marker of a video job could not be set", exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">It is not known whether it is gone.</exception>
    public async Task CloseAsync(string jobId, string token, CancellationToken cancellation)
    {
        try
        {
            await _blobs.DeleteAsync([JobBlobs.Marker(jobId, token)], cancellation);
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of("The open marker of a video job could not be taken away", exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">They could not be read.</exception>
    public async Task<IReadOnlyList<OpenMarker>> ListAsync(OpenMarker? after, int limit, CancellationToken cancellation)
    {
        var from = after is null ? null : JobBlobs.Marker(after.JobId, after.Token) + JobBlobs.Next;
        var markers = new List<OpenMarker>();
        try
        {
            await foreach (var blob in _blobs.ListAsync(JobBlobs.Open, from, limit, cancellation))
            {
                var (jobId, token) = JobBlobs.ReadMarker(blob.Name);
                var setAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(blob.Metadata[SetAt], CultureInfo.InvariantCulture));
                markers.Add(new OpenMarker(jobId, token, setAt));
                if (markers.Count == limit)
                    break;
            }
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of("The open markers of video jobs could not be listed", exception);
        }

        return markers;
    }
}
