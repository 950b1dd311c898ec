using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Silo.Azure;
using LlmTr.Silo.Azure.Jobs;
using LlmTr.Silo.Media;
using LlmTr.Silo.Tests.Azurite;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Silo.Tests.Video;

/// <summary>Silos that run video jobs over Azure blobs.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class AzureVideoJobHostTests(AzuriteFixture azurite)
{
    [AzuriteFact]
    public async Task SiloThatDies_WithJobsInAzure_LosesNoneAndSendsNoneTwice()
    {
        const int jobs = 12;
        var prefix = azurite.NewPrefix();
        await using var cluster = await VideoCluster.StartAsync(silos: 2, stores: services =>
        {
            services.AddAzureVideoJobs();
            services.Configure<AzureStorageOptions>(options => (options.ConnectionString, options.ContainerPrefix) = (azurite.ConnectionString, prefix));
        });
        var key = await cluster.IssuedKeyAsync("key_1", SampleJobs.Price.Value * jobs);
        var isDone = false;
        cluster.Xai.OnPoll = (_, _) => Task.FromResult(Volatile.Read(ref isDone) ? ScriptedVideos.Done : ScriptedVideos.Pending);
        for (var i = 0; i < jobs; i++)
            (await cluster.Job($"job{i}").Start(SampleJobs.Command(body: "b") with { Prompt = $"job{i}" })).Outcome.Should().Be(StartVideoOutcome.Begun);
        while (Enumerable.Range(0, jobs).Any(i => cluster.Xai.PollsOf($"job{i}") == 0))
            await Task.Delay(10);

        await cluster.Silos.KillSiloAsync(cluster.Silos.Silos[1]);
        Volatile.Write(ref isDone, true);

        for (var i = 0; i < jobs; i++)
        {
            (await cluster.WaitUntilOverAsync($"job{i}")).Status.Should().Be(VideoJobStatus.Succeeded);
            cluster.Xai.PostsOf($"job{i}").Should().Be(1);
        }

        await cluster.WaitUntilClosedAsync();
        (await key.Read()).Should().BeEquivalentTo(new { Charged = SampleJobs.Price * jobs, Held = UsdTicks.Zero, SettledRequests = (long)jobs });
        (await cluster.Directory.List(new VideoJobQuery { KeyId = "key_1", Limit = 100, Status = VideoJobStatus.Succeeded })).Jobs.Should().HaveCount(jobs);
    }

    [AzuriteFact]
    public async Task AnswersThatAreLost_LeaveEveryJobSentOnceAndPaidOnce()
    {
        const int jobs = 8;
        var azure = await AzureJobStores.StartAsync(azurite, azurite.NewPrefix());
        await using var cluster = await VideoCluster.StartAsync(silos: 1, stores: services =>
        {
            services.AddSingleton<IVideoJobStore>(azure.Jobs);
            services.AddSingleton<IOpenMarkers>(azure.Markers);
            services.AddSingleton<IMediaStore, NoMedia>();
        });
        var key = await cluster.IssuedKeyAsync("key_1", SampleJobs.Price.Value * jobs);

        // Of what changes something, every third state and every eleventh name lands, and nobody is told. (A beginning is five names and a state.)
        var (states, names) = (0, 0);
        azure.Requests.LoseAnswers = request => !request.StartsWith("GET", StringComparison.Ordinal)
            && (request.Contains("job-videojob", StringComparison.Ordinal) ? Interlocked.Increment(ref states) % 3 == 0 : Interlocked.Increment(ref names) % 11 == 0);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Task.WhenAll(Enumerable.Range(0, jobs).Select(async i =>
        {
            while (true)
            {
                limit.Token.ThrowIfCancellationRequested();
                try
                {
                    if ((await cluster.Job($"job{i}").Start(SampleJobs.Command(body: "b") with { Prompt = $"job{i}" })).Outcome == StartVideoOutcome.Begun)
                        return;
                }
                catch (VideoJobUnavailableException)
                {
                    // As the front end does: again, until it is told.
                }
            }
        }));

        for (var i = 0; i < jobs; i++)
        {
            (await cluster.WaitUntilOverAsync($"job{i}")).Status.Should().Be(VideoJobStatus.Succeeded);
            cluster.Xai.PostsOf($"job{i}").Should().Be(1);
        }

        states.Should().BeGreaterThan(3 * jobs);
        (await key.Read()).Should().BeEquivalentTo(new { Charged = SampleJobs.Price * jobs, Held = UsdTicks.Zero, SettledRequests = (long)jobs });
        azure.Requests.LoseAnswers = null;
        (await azure.Jobs.ListAsync(new VideoJobQuery { Limit = 100, Status = VideoJobStatus.Succeeded }, default)).Should().HaveCount(jobs);
        foreach (var left in new[] { VideoJobStatus.Queued, VideoJobStatus.InProgress })
            (await azure.Jobs.ListAsync(new VideoJobQuery { Limit = 100, Status = left }, default)).Should().BeEmpty();
    }

    private sealed class NoMedia : IMediaStore
    {
        public Task<MediaFile> SaveAsync(string name, Stream content, long mostBytes, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Stream?> OpenAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

        public Task DeleteAsync(string name, CancellationToken cancellation) => Task.CompletedTask;

        public Task<int> DeleteOldAsync(DateTimeOffset keptBefore, CancellationToken cancellation) => Task.FromResult(0);
    }
}
