using LlmTr.Api.Accounts;
using LlmTr.Grains.Abstractions.Video;

namespace LlmTr.Api.Video;

/// <summary>
/// The front end's side of video jobs: bounded calls, made again after any failure, because a call to a silo that dies does not fail but hangs to its time limit. So a
/// caller's open request outlives the silo that ran its job.
/// </summary>
internal sealed partial class VideoJobClient(IGrainFactory grains, TimeProvider clock, ILogger<VideoJobClient> logger)
{
    // Room for a start whose silo dies, and one more try.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Begins or finds a job; null when nobody could say within 20 s whether its money is held.</summary>
    public async Task<StartVideoReply?> StartAsync(string id, StartVideo command, CancellationToken cancellation)
    {
        var reply = await RepeatAsync(
            async () => await grains.Find<IVideoJobGrain>(id).Start(command) is { Outcome: not StartVideoOutcome.Undecided } decided ? decided : null, StartPatience, cancellation);
        return reply;
    }

    /// <summary>A job: (true, null) for an unknown one and for another key's, (false, null) when nobody could tell.</summary>
    public async Task<(bool Told, VideoJobView? Job)> ReadAsync(string id, string? keyId, CancellationToken cancellation)
    {
        var told = await RepeatAsync(async () => new Told(await grains.Find<IVideoJobGrain>(id).Read(keyId, cancellation)), ReadPatience, cancellation);
        return (told is not null, told?.Job);
    }

    /// <summary>A job when it is over, or as it stands after a time. Ends early, with what was known last, when the caller goes.</summary>
    public async Task<VideoJobView> WaitAsync(VideoJobView job, TimeSpan atMost, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (!job.IsOver && !cancellation.IsCancellationRequested)
        {
            var left = atMost - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                break;
            var slice = left < IVideoJobGrain.LongestWait ? left : IVideoJobGrain.LongestWait;
            var told = await RepeatAsync(
                async () => new Told(await grains.Find<IVideoJobGrain>(job.Id).Wait(job.KeyId, slice, cancellation)), left, cancellation);
            if (told?.Job is not { } next)
                break;
            job = next;
        }

        return job;
    }

    /// <summary>One page of jobs; null when nobody could tell.</summary>
    public Task<VideoJobPage?> ListAsync(VideoJobQuery query, CancellationToken cancellation) =>
        RepeatAsync<VideoJobPage>(async () => await grains.Find<IVideoDirectoryGrain>().List(query, cancellation), ReadPatience, cancellation);

    private async Task<T?> RepeatAsync<T>(Func<Task<T?>> call, TimeSpan within, CancellationToken cancellation)
        where T : class
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                if (await call().WaitAsync(cancellation) is { } answer)
                    return answer;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception exception) when (exception is not ArgumentException)
            {
                // Whatever it was, the job may be there and go on.
                LogRepeated(exception.GetType().Name);
            }

            if (clock.GetElapsedTime(began) >= within)
                return null;
            try
            {
                await Task.Delay(Pause, clock, cancellation);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A video job did not answer ({Why}); it is asked again.")]
    private partial void LogRepeated(string why);

    private sealed record Told(VideoJobView? Job);
}
