using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Telemetry;
using LlmTr.Grains.Video;
using LlmTr.Silo.Media;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Video;

/// <summary>
/// Keeps open jobs going: at start and every few seconds it looks through its share of the open markers and wakes their jobs. A wake is a look where a job is being worked
/// on. Also clears away files and jobs whose time is over.
/// </summary>
public sealed partial class VideoJobSweeper(
    IGrainFactory grains,
    IOpenMarkers markers,
    IVideoJobStore store,
    IMediaStore media,
    ISiloShare share,
    IOptions<VideoJobOptions> options,
    TimeProvider clock,
    ILogger<VideoJobSweeper> logger,
    VideoJobMetrics? metrics = null) : BackgroundService
{
    // What a blob service lists in one request.
    private const int Page = 5000;

    // Ten thousand jobs at once would keep everything else from the silo.
    private const int MostWakesAtOnce = 32;

    private const int MostForgottenAtOnce = 500;

    // Not a job's id, but like one it falls to one silo: to look through all files is not for every one of them.
    private const string ClearingAway = "clearing away";

    private static readonly TimeSpan ClearEvery = TimeSpan.FromMinutes(1);

    // In whose time a caller who reads a file at its last moment has read it.
    private static readonly TimeSpan FileGrace = TimeSpan.FromMinutes(5);

    private DateTimeOffset _clearedAt;

    /// <summary>Looks through the markers once.</summary>
    /// <returns>How many jobs were woken.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var (mineOpen, woken) = (0, 0);
        OpenMarker? after = null;
        while (true)
        {
            var page = await markers.ListAsync(after, Page, cancellation);
            var mine = page.Where(marker => share.IsMine(marker.JobId)).ToList();
            mineOpen += mine.Count;
            await Parallel.ForEachAsync(mine, new ParallelOptions { MaxDegreeOfParallelism = MostWakesAtOnce, CancellationToken = cancellation }, async (marker, _) =>
            {
                if (await WakeAsync(marker))
                    Interlocked.Increment(ref woken);
            });
            if (page.Count < Page)
            {
                metrics?.Swept(mineOpen, woken);
                return woken;
            }

            after = page[^1];
        }
    }

    /// <summary>Deletes files and jobs whose time is over.</summary>
    public async Task ClearAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var files = await media.DeleteOldAsync(now - options.Value.KeepFiles - FileGrace, cancellation);
        var jobs = 0;
        for (var some = MostForgottenAtOnce; some == MostForgottenAtOnce; jobs += some)
            some = await store.ForgetAsync(now - options.Value.KeepJobs, MostForgottenAtOnce, cancellation);
        if (files + jobs > 0)
            LogCleared(files, jobs);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Value.SweepEvery;
            try
            {
                await SweepAsync(stoppingToken);
                if (share.IsMine(ClearingAway) && clock.GetUtcNow() - _clearedAt >= ClearEvery)
                {
                    _clearedAt = clock.GetUtcNow();
                    await ClearAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The store that was away may be back soon; at the start of a silo its grains may take a moment.
                LogFailed(exception);
                metrics?.NotSwept();
                pause = options.Value.FirstRetry;
            }

            try
            {
                await Task.Delay(pause, clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<bool> WakeAsync(OpenMarker marker)
    {
        try
        {
            await grains.GetGrain<IVideoJobGrain>(marker.JobId).Wake(marker);
            return true;
        }
        catch (Exception exception) when (exception is VideoJobUnavailableException or TimeoutException or OrleansException or OperationCanceledException)
        {
            LogNotWoken(marker.JobId, exception.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Video job {Id} could not be woken ({Why}); it is tried again at the next round.")]
    private partial void LogNotWoken(string id, string why);

    [LoggerMessage(LogLevel.Error, "The open video jobs could not be looked through; the next round tries again.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Information, "Cleared away {Files} media files and {Jobs} finished video jobs whose time was over.")]
    private partial void LogCleared(int files, int jobs);
}

/// <summary>Which of the open jobs this silo looks after.</summary>
public interface ISiloShare
{
    /// <summary>True when it is this silo that wakes the job.</summary>
    bool IsMine(string jobId);
}

/// <summary>Every job goes to one of the silos that are alive, by its id.</summary>
public sealed class SiloShare(ISiloStatusOracle silos) : ISiloShare
{
    /// <inheritdoc/>
    public bool IsMine(string jobId)
    {
        // While two silos do not agree on who is alive, a job may be woken by both or, for one round, by none: neither does harm.
        var alive = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToArray();
        var me = Array.IndexOf(alive, silos.SiloAddress);
        return me < 0 || Hash(jobId) % (uint)alive.Length == (uint)me;
    }

    private static uint Hash(string text)
    {
        var hash = 2166136261;
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 16777619);
        return hash;
    }
}
