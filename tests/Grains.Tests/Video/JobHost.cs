using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Tests.Accounts;
using LlmTr.Grains.Video;
using LlmTr.Xai.Video;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LlmTr.Grains.Tests.Video;

/// <summary>One activation of the job in a <see cref="JobWorld"/>: the real <see cref="DurableVideoJob"/>, driven as the grain drives it.</summary>
internal sealed class JobHost(JobWorld world) : IVideoJobStore, IOpenMarkers, IJobAccounts, IXaiVideos, IJobMedia
{
    /// <summary>True when it is dead or done: nothing reaches it any more.</summary>
    public bool IsGone { get; set; }

    public async Task DriveAsync(bool begins)
    {
        using var services = new VideoJobServices(
            this, this, this, this, this, Options.Create(new VideoJobOptions()), world.Clock, NullLogger<DurableVideoJob>.Instance);
        using var job = new DurableVideoJob(JobWorld.JobId, services);
        if (begins)
            await BeginAsync(job);
        else
            await WakeAsync(job);
        while (!IsGone && await job.StepAsync() is { } pause)
        {
            if (pause > TimeSpan.Zero)
                await world.Pause(this, pause);
        }

        IsGone = true;
    }

    public Task<StoredVideoJob?> ReadAsync(string id, CancellationToken cancellation) => world.Call(this, "read", world.Read);

    public Task<string> WriteAsync(string id, VideoJob job, string? etag, CancellationToken cancellation) =>
        world.Call(this, $"write {job.Phase}", () => world.Write(job, etag));

    public Task ClearAsync(string id, string etag, CancellationToken cancellation) => world.Call(this, "clear", () => world.Clear(etag));

    public Task<IReadOnlyList<(string Id, VideoJob Job)>> ListAsync(VideoJobQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<int> ForgetAsync(DateTimeOffset overBefore, int limit, CancellationToken cancellation) => throw new NotSupportedException();

    public Task OpenAsync(OpenMarker marker, CancellationToken cancellation) => world.Call(this, "open", () => world.Open(marker));

    public Task CloseAsync(string jobId, string token, CancellationToken cancellation) => world.Call(this, "close", () => world.Close(token));

    public Task<IReadOnlyList<OpenMarker>> ListAsync(OpenMarker? after, int limit, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<PlaceHoldReply> PlaceHoldAsync(string keyId, PlaceHold command) =>
        world.Call(this, "hold", () => world.Account.Do((account, now, entries) => account.PlaceHold(command, now, entries)));

    public Task<SettleReply> SettleAsync(string keyId, Settle command) =>
        world.Call(this, "settle", () => world.Account.Do((account, now, entries) => account.Settle(command, now, entries)));

    public Task<EndHoldOutcome> ReleaseAsync(string keyId, Release command) =>
        world.Call(this, "release", () => world.Account.Do((account, now, entries) => account.Release(command, now, entries)));

    public Task<EndHoldOutcome> ReportUnreconciledAsync(string keyId, ReportUnreconciled command) =>
        world.Call(this, "unreconciled", () => world.Account.Do((account, now, entries) => account.ReportUnreconciled(command, now, entries)));

    public Task<VideoStart> StartAsync(VideoOrder order, ReadOnlyMemory<byte> image, TimeSpan limit) =>
        world.Call(this, "post", world.Post, landed => landed ? VideoStart.Unanswered : VideoStart.NeverSent);

    public Task<VideoPoll> PollAsync(string requestId, TimeSpan limit) => world.Call(this, "poll", world.Look, static _ => VideoPoll.Unanswered);

    public Task<ReadOnlyMemory<byte>?> ReadImageAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

    public Task DeleteAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VideoFile> CopyAsync(string jobId, string url, CancellationToken cancellation) =>
        world.Call(this, "copy", () => new VideoFile("file", 1, "sha", world.Clock.GetUtcNow().AddDays(7)));

    private async Task BeginAsync(DurableVideoJob job)
    {
        var command = Jobs.Command(world.Request()) with { Secret = AccountScene.Secret };
        while (true)
        {
            try
            {
                await job.BeginAsync(command);
                return;
            }
            catch (VideoJobUnavailableException)
            {
                if (job.SawAnotherWriter)
                    return;
                await world.Pause(this, TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private async Task WakeAsync(DurableVideoJob job)
    {
        if (world.Marker is not { } marker)
            return;
        while (true)
        {
            try
            {
                if (!await job.WakeAsync(marker))
                    await world.Pause(this, TimeSpan.FromSeconds(4));
                return;
            }
            catch (Exception exception) when (exception is VideoJobUnavailableException or IOException or TimeoutException)
            {
                await world.Pause(this, TimeSpan.FromSeconds(4));
            }
        }
    }
}
