using LlmTr.Grains.Abstractions.Video;

namespace LlmTr.Grains.Video;

/// <summary>
/// Where the state of video jobs lives, with the semantics of a grain storage: a write names the ETag that it builds on and is refused where another has written
/// since. What it returns is durable.
/// </summary>
/// <remarks>Any exception but <see cref="Orleans.Storage.InconsistentStateException"/> means that the outcome is unknown.</remarks>
public interface IVideoJobStore
{
    /// <summary>A job; null where there is none.</summary>
    Task<StoredVideoJob?> ReadAsync(string id, CancellationToken cancellation);

    /// <summary>Writes a job.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="job">What is written.</param>
    /// <param name="etag">What it builds on; null where there must be none.</param>
    /// <param name="cancellation">Given up before it is queued.</param>
    /// <returns>The new ETag.</returns>
    /// <exception cref="Orleans.Storage.InconsistentStateException">The stored one is another; nothing was written.</exception>
    Task<string> WriteAsync(string id, VideoJob job, string? etag, CancellationToken cancellation);

    /// <summary>Takes a job away.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">The stored one is another; nothing was changed.</exception>
    Task ClearAsync(string id, string etag, CancellationToken cancellation);

    /// <summary>One page of jobs, the youngest first, tombstones left out; one more than the limit where there are more.</summary>
    Task<IReadOnlyList<(string Id, VideoJob Job)>> ListAsync(VideoJobQuery query, CancellationToken cancellation);

    /// <summary>Deletes at most <paramref name="limit"/> jobs that were over before a moment, and says how many.</summary>
    Task<int> ForgetAsync(DateTimeOffset overBefore, int limit, CancellationToken cancellation);
}

/// <summary>A job as it was read.</summary>
/// <param name="Job">The job.</param>
/// <param name="ETag">What the next write builds on.</param>
public sealed record StoredVideoJob(VideoJob Job, string ETag);

/// <summary>
/// The list of jobs that may be open. A marker is there before its job's state and goes after the job's end, so that no open job is ever without one. Each beginning of a
/// job has a marker of its own: one that took another's place would take it away with itself.
/// </summary>
public interface IOpenMarkers
{
    /// <summary>Sets a marker; one that is there already stays.</summary>
    Task OpenAsync(OpenMarker marker, CancellationToken cancellation);

    /// <summary>Takes a marker away; one that is not there is no failure.</summary>
    Task CloseAsync(string jobId, string token, CancellationToken cancellation);

    /// <summary>Markers behind one, in the order of jobs and tokens; null from the first on.</summary>
    Task<IReadOnlyList<OpenMarker>> ListAsync(OpenMarker? after, int limit, CancellationToken cancellation);
}
