using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Video;
using LlmTr.Silo.Media;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Cluster;
using LlmTr.Silo.Tests.Ledgers;
using LlmTr.Silo.Video;
using LlmTr.Xai.Video;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace LlmTr.Silo.Tests.Video;

/// <summary>Silos in this process that run video jobs over one SQLite file (or what else is given), with scripted xAI and files that are copied at once.</summary>
internal sealed class VideoCluster : IAsyncDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;
    private readonly SqliteLedgerStore _ledgers;
    private readonly SqliteVideoJobs _jobs;
    private readonly InProcessTestCluster _cluster;

    private VideoCluster(short silos, Action<VideoJobOptions>? configure, Action<IServiceCollection>? stores)
    {
        _folder = _temporary.Open();
        _ledgers = new SqliteLedgerStore(_folder);
        _jobs = new SqliteVideoJobs(_folder);
        Ledgers = new FaultyLedgerStore(_ledgers);
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<ILedgerStore>(Ledgers);
            silo.Services.Configure<VideoJobOptions>(options =>
            {
                // Milliseconds in place of seconds.
                options.FirstPoll = TimeSpan.FromMilliseconds(5);
                options.LongestPoll = TimeSpan.FromMilliseconds(50);
                options.AttendedPoll = TimeSpan.FromMilliseconds(5);
                options.FirstRetry = TimeSpan.FromMilliseconds(20);
                options.SweepEvery = TimeSpan.FromMilliseconds(200);
                configure?.Invoke(options);
            });
            silo.Services.AddSingleton<IXaiVideos>(Xai);
            silo.Services.AddVideoJobHost();
            silo.Services.AddSingleton<IJobMedia>(Files);
            if (stores is null)
            {
                silo.Services.AddSingleton<IVideoJobStore>(_jobs);
                silo.Services.AddSingleton<IOpenMarkers>(_jobs);
                silo.Services.AddSingleton<IMediaStore>(new FolderMediaStore(_folder));
            }
            else
            {
                stores(silo.Services);
            }
        });
        _cluster = builder.Build();
    }

    public IVideoJobStore Jobs => _cluster.Silos[0].ServiceProvider.GetRequiredService<IVideoJobStore>();

    public IOpenMarkers Markers => _cluster.Silos[0].ServiceProvider.GetRequiredService<IOpenMarkers>();

    public FaultyLedgerStore Ledgers { get; }

    public ScriptedVideos Xai { get; } = new();

    public CopiedFiles Files { get; } = new();

    public InProcessTestCluster Silos => _cluster;

    public static async Task<VideoCluster> StartAsync(short silos, Action<VideoJobOptions>? configure = null, Action<IServiceCollection>? stores = null)
    {
        var cluster = new VideoCluster(silos, configure, stores);
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    public IVideoJobGrain Job(string id) => _cluster.Client.GetGrain<IVideoJobGrain>(id);

    public IVideoDirectoryGrain Directory => _cluster.Client.GetGrain<IVideoDirectoryGrain>(0);

    public async Task<IApiKeyGrain> IssuedKeyAsync(string id, long credit)
    {
        var key = _cluster.Client.GetGrain<IApiKeyGrain>(id);
        (await key.Issue(LedgeredCluster.Issue(credit))).Outcome.Should().Be(OperatorOutcome.Done);
        return key;
    }

    /// <summary>As a front end does it: bounded calls, again after any failure, until the job is over.</summary>
    public async Task<VideoJobView> WaitUntilOverAsync(string id, string keyId = "key_1")
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"The job stands at {(await Jobs.ReadAsync(id, CancellationToken.None))?.Job.Phase}.");
            try
            {
                if (await Job(id).Wait(keyId, IVideoJobGrain.LongestWait) is { IsOver: true } job)
                    return job;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }

    /// <summary>Until no marker is left.</summary>
    public async Task WaitUntilClosedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Markers.ListAsync(null, 1, limit.Token)).Count > 0)
            await Task.Delay(20, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _jobs.Dispose();
        _ledgers.Dispose();
        _folder.Dispose();
        _temporary.Dispose();
    }

    /// <summary>Files that are copied at once, or not.</summary>
    public sealed class CopiedFiles : IJobMedia
    {
        public Exception? Fails { get; set; }

        public int Copies { get; private set; }

        public Task<ReadOnlyMemory<byte>?> ReadImageAsync(string name, CancellationToken cancellation) => Task.FromResult<ReadOnlyMemory<byte>?>(null);

        public Task DeleteAsync(string name, CancellationToken cancellation) => Task.CompletedTask;

        public Task<VideoFile> CopyAsync(string jobId, string url, CancellationToken cancellation)
        {
            Copies++;
            return Fails is null ? Task.FromResult(new VideoFile($"{jobId}.mp4", 1, "sha", DateTimeOffset.MaxValue)) : throw Fails;
        }
    }
}
