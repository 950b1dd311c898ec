using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Telemetry;
using LlmTr.Xai.Video;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlmTr.Grains.Video;

/// <summary>What every video job of a silo uses.</summary>
public sealed class VideoJobServices(
    IVideoJobStore store,
    IOpenMarkers markers,
    IJobAccounts accounts,
    IXaiVideos videos,
    IJobMedia media,
    IOptions<VideoJobOptions> options,
    TimeProvider clock,
    ILogger<DurableVideoJob> logger,
    VideoJobMetrics? metrics = null) : IDisposable
{
    /// <summary>The jobs' state.</summary>
    public IVideoJobStore Store => store;

    /// <summary>Which jobs may be open.</summary>
    public IOpenMarkers Markers => markers;

    /// <summary>Who pays.</summary>
    public IJobAccounts Accounts => accounts;

    /// <summary>xAI.</summary>
    public IXaiVideos Videos => videos;

    /// <summary>Files.</summary>
    public IJobMedia Media => media;

    /// <summary>Times and sizes.</summary>
    public VideoJobOptions Options { get; } = options.Value;

    /// <summary>The time.</summary>
    public TimeProvider Clock => clock;

    /// <summary>For what operators must know.</summary>
    public ILogger Logger => logger;

    /// <summary>Counts what jobs do; null where nobody counts.</summary>
    public VideoJobMetrics? Metrics => metrics;

    /// <summary>Polls of this silo at one time: after a restart ten thousand jobs must not ask at once.</summary>
    public SemaphoreSlim PollSlots { get; } = new(options.Value.MaxPollsInFlight);

    /// <inheritdoc/>
    public void Dispose() => PollSlots.Dispose();
}

/// <summary>The accounts, as far as a job needs them; see <see cref="IApiKeyGrain"/>.</summary>
public interface IJobAccounts
{
    /// <summary>Takes the hold.</summary>
    Task<PlaceHoldReply> PlaceHoldAsync(string keyId, PlaceHold command);

    /// <summary>Turns it into a charge.</summary>
    Task<SettleReply> SettleAsync(string keyId, Settle command);

    /// <summary>Ends it without one.</summary>
    Task<EndHoldOutcome> ReleaseAsync(string keyId, Release command);

    /// <summary>Ends it as a case.</summary>
    Task<EndHoldOutcome> ReportUnreconciledAsync(string keyId, ReportUnreconciled command);
}

/// <summary>The accounts' grains.</summary>
public sealed class JobAccounts(IGrainFactory grains) : IJobAccounts
{
    /// <inheritdoc/>
    public Task<PlaceHoldReply> PlaceHoldAsync(string keyId, PlaceHold command) => Account(keyId).PlaceHold(command);

    /// <inheritdoc/>
    public Task<SettleReply> SettleAsync(string keyId, Settle command) => Account(keyId).Settle(command);

    /// <inheritdoc/>
    public Task<EndHoldOutcome> ReleaseAsync(string keyId, Release command) => Account(keyId).Release(command);

    /// <inheritdoc/>
    public Task<EndHoldOutcome> ReportUnreconciledAsync(string keyId, ReportUnreconciled command) => Account(keyId).ReportUnreconciled(command);

    private IApiKeyGrain Account(string keyId) => grains.GetGrain<IApiKeyGrain>(keyId);
}

/// <summary>The media store, as far as a job needs it.</summary>
public interface IJobMedia
{
    /// <summary>The text of an input image; null where it is not there (any more).</summary>
    Task<ReadOnlyMemory<byte>?> ReadImageAsync(string name, CancellationToken cancellation);

    /// <summary>Deletes a file; one that is not there is no failure.</summary>
    Task DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>Copies a finished video from xAI. A repeat takes the place of an earlier copy.</summary>
    /// <param name="jobId">Whose it is.</param>
    /// <param name="url">Where it is.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<VideoFile> CopyAsync(string jobId, string url, CancellationToken cancellation);
}
