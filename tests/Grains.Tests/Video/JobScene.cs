using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Tests.Accounts;
using LlmTr.Grains.Video;
using LlmTr.Xai.Video;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Storage;

namespace LlmTr.Grains.Tests.Video;

/// <summary>
/// One job's surroundings where the test says what goes wrong: a store and markers in memory, the real account, scripted xAI. What goes wrong is said by the name of the call:
/// <c>hold</c>, <c>release</c>, <c>clear</c>, <c>post</c>, <c>copy</c>, or <c>write</c> and the phase that is written.
/// </summary>
internal sealed class JobScene(long credit) : IVideoJobStore, IOpenMarkers, IJobAccounts, IXaiVideos, IJobMedia, IDisposable
{
    public const string JobId = "videogen_1";

    private readonly Dictionary<string, Func<Action, Task>> _faults = [];
    private readonly List<Action> _late = [];
    private readonly List<OpenMarker> _markers = [];
    private readonly List<IDisposable> _hosts = [];
    private int _etags;

    public FakeTimeProvider Clock { get; } = new(AccountScene.Start);

    public AccountScene Account { get; } = new(credit);

    public StoredVideoJob? Stored { get; private set; }

    public int Markers => _markers.Count;

    /// <summary>Every call that reached its end, in order.</summary>
    public List<string> Story { get; } = [];

    /// <summary>What xAI answers to the POST.</summary>
    public VideoStart Starts { get; set; } = VideoStart.Accepted("xai-id");

    public Exception? CopyFails { get; set; }

    /// <summary>An activation of the job.</summary>
    public DurableVideoJob Host()
    {
        var services = new VideoJobServices(this, this, this, this, this, Options.Create(Jobs.Options), Clock, NullLogger<DurableVideoJob>.Instance);
        var host = new DurableVideoJob(JobId, services);
        _hosts.AddRange([host, services]);
        return host;
    }

    /// <summary>An activation that has begun the job.</summary>
    public async Task<DurableVideoJob> BegunAsync(RequestId? holdId = null)
    {
        var host = Host();
        (await host.BeginAsync(Command(holdId))).Should().BeTrue();
        return host;
    }

    /// <summary>An activation that the sweeper has woken.</summary>
    public async Task<DurableVideoJob> WokenAsync()
    {
        var host = Host();
        (await host.WakeAsync(_markers[^1])).Should().BeTrue();
        return host;
    }

    public static StartVideo Command(RequestId? holdId = null) =>
        Jobs.Command(holdId ?? RequestIds.Make(AccountScene.Start, 1_000)) with { Secret = AccountScene.Secret };

    /// <summary>Steps until nothing is left to do; what the pauses were.</summary>
    public async Task<List<TimeSpan>> RunAsync(DurableVideoJob host)
    {
        var pauses = new List<TimeSpan>();
        while (await host.StepAsync() is { } pause)
        {
            if (pause > TimeSpan.Zero)
                pauses.Add(pause);
            Clock.Advance(pause);
        }

        return pauses;
    }

    /// <summary>The next such call fails and is done all the same.</summary>
    public void LoseAnswer(string what) => _faults[what] = static effect =>
    {
        effect();
        throw new TimeoutException();
    };

    /// <summary>The next such call fails and is done when <see cref="LandLate"/> says so.</summary>
    public void Delay(string what) => _faults[what] = effect =>
    {
        _late.Add(effect);
        throw new TimeoutException();
    };

    /// <summary>The next such call stands still before it is done, until the caller of this lets it go on.</summary>
    public TaskCompletionSource Stop(string what)
    {
        var goOn = new TaskCompletionSource();
        _faults[what] = async effect =>
        {
            await goOn.Task;
            effect();
        };
        return goOn;
    }

    public void LandLate()
    {
        _late.ForEach(static effect => effect());
        _late.Clear();
    }

    public void Dispose() => _hosts.ForEach(static host => host.Dispose());

    public Task<StoredVideoJob?> ReadAsync(string id, CancellationToken cancellation) => Task.FromResult(Stored);

    public Task<string> WriteAsync(string id, VideoJob job, string? etag, CancellationToken cancellation) => Call($"write {job.Phase}", () =>
    {
        RequireETag(etag);
        Stored = new StoredVideoJob(job, $"e{++_etags}");
        return Stored.ETag;
    });

    public Task ClearAsync(string id, string etag, CancellationToken cancellation) => Call("clear", () =>
    {
        RequireETag(etag);
        return Stored = null;
    });

    public Task<IReadOnlyList<(string Id, VideoJob Job)>> ListAsync(VideoJobQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<int> ForgetAsync(DateTimeOffset overBefore, int limit, CancellationToken cancellation) => throw new NotSupportedException();

    public Task OpenAsync(OpenMarker marker, CancellationToken cancellation)
    {
        _markers.Add(marker);
        return Task.CompletedTask;
    }

    public Task CloseAsync(string jobId, string token, CancellationToken cancellation)
    {
        _markers.RemoveAll(marker => marker.Token == token);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<OpenMarker>> ListAsync(OpenMarker? after, int limit, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<PlaceHoldReply> PlaceHoldAsync(string keyId, PlaceHold command) =>
        Call("hold", () => Account.Do((account, now, entries) => account.PlaceHold(command, now, entries)));

    public Task<SettleReply> SettleAsync(string keyId, Settle command) =>
        Call("settle", () => Account.Do((account, now, entries) => account.Settle(command, now, entries)));

    public Task<EndHoldOutcome> ReleaseAsync(string keyId, Release command) =>
        Call("release", () => Account.Do((account, now, entries) => account.Release(command, now, entries)));

    public Task<EndHoldOutcome> ReportUnreconciledAsync(string keyId, ReportUnreconciled command) =>
        Call("unreconciled", () => Account.Do((account, now, entries) => account.ReportUnreconciled(command, now, entries)));

    public Task<VideoStart> StartAsync(VideoOrder order, ReadOnlyMemory<byte> image, TimeSpan limit) => Call("post", () => Starts);

    public Task<VideoPoll> PollAsync(string requestId, TimeSpan limit) => Call("poll", static () => Jobs.Done(Jobs.Cost(Jobs.Price)));

    public Task<ReadOnlyMemory<byte>?> ReadImageAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

    public Task DeleteAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VideoFile> CopyAsync(string jobId, string url, CancellationToken cancellation) =>
        CopyFails is null ? Call("copy", () => new VideoFile("file", 1, "sha", Clock.GetUtcNow().AddDays(7))) : throw CopyFails;

    private async Task<T> Call<T>(string what, Func<T> effect)
    {
        T result = default!;
        void Land()
        {
            Account.Now = Clock.GetUtcNow();
            result = effect();
            Story.Add(what);
        }

        if (_faults.Remove(what, out var fault))
            await fault(Land);
        else
            Land();
        return result;
    }

    private void RequireETag(string? etag)
    {
        if (etag != Stored?.ETag)
            throw new InconsistentStateException("another has written");
    }
}
