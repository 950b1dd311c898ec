using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Silo.Tests.Azurite;

namespace LlmTr.Silo.Tests.Video;

[NeedsAzurite, Collection(AzuriteFixture.Collection)]
public sealed class AzureVideoJobsTests(AzuriteFixture azurite) : VideoJobStoreConformance, IAsyncLifetime
{
    private readonly string _prefix = azurite.NewPrefix();
    private AzureJobStores _stores = null!;

    protected override IVideoJobStore Store => _stores.Jobs;

    protected override IOpenMarkers Markers => _stores.Markers;

    public Task InitializeAsync() => ReopenAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    protected override async Task ReopenAsync() => _stores = await AzureJobStores.StartAsync(azurite, _prefix);

    [AzuriteFact]
    public async Task MissingContainer_IsAnErrorAndNeverNoSuchJob()
    {
        await Store.WriteAsync("a", SampleJobs.Queued(), null, default);
        await _stores.Container.DeleteAsync();

        var calls = new Func<Task>[]
        {
            () => Store.ReadAsync("a", default),
            () => Store.WriteAsync("b", SampleJobs.Queued(), null, default),
            () => Store.ListAsync(new VideoJobQuery { Limit = 9 }, default),
            () => Store.ListAsync(new VideoJobQuery { Limit = 9, After = "a" }, default),
            () => Store.ForgetAsync(DateTimeOffset.MaxValue, 9, default),
            () => Markers.OpenAsync(new OpenMarker("a", "t", DateTimeOffset.UnixEpoch), default),
            () => Markers.CloseAsync("a", "t", default),
            () => Markers.ListAsync(null, 9, default),
        };

        foreach (var call in calls)
            (await call.Should().ThrowAsync<IOException>()).Which.Message.Should().MatchRegex("missing|ContainerNotFound");
    }

    [AzuriteFact]
    public async Task Names_OfAJob_AreGoneWhenItIsForgotten()
    {
        var job = SampleJobs.Queued();
        var etag = await Store.WriteAsync("a", job, null, default);
        etag = await Store.WriteAsync("a", job = job.MoneyHeld().Claimed("n", job.CreatedAt), etag, default);
        await Store.WriteAsync("a", job with { Phase = JobPhase.Failed, CompletedAt = DateTimeOffset.UnixEpoch }, etag, default);
        await Store.WriteAsync("grave", VideoJob.NeverBegun(DateTimeOffset.UnixEpoch), null, default);
        (await _stores.NamesAsync()).Should().Contain("job-videojob/a.json", "it is the name that Orleans' own provider gives").And.HaveCount(8);

        (await Store.ForgetAsync(DateTimeOffset.UnixEpoch.AddDays(1), 9, default)).Should().Be(2);

        (await _stores.NamesAsync()).Should().BeEmpty();
    }

    [AzuriteFact]
    public async Task Forgetting_ThatWasKilledOnTheWay_IsDoneByTheNext()
    {
        await Store.WriteAsync("a", SampleJobs.Over(), null, default);
        await _stores.Container.DeleteBlobAsync("job-videojob/a.json");

        await Store.ForgetAsync(DateTimeOffset.UnixEpoch.AddDays(1), 9, default);

        (await _stores.NamesAsync()).Should().BeEmpty();
    }

    [AzuriteFact]
    public async Task Page_OfManyJobs_ReadsNoMoreThanItShows()
    {
        for (var i = 0; i < 40; i++)
            await Store.WriteAsync($"job{i:D2}", i % 10 == 0 ? SampleJobs.Over(minute: i) : SampleJobs.Queued(minute: i), null, default);

        _stores.Requests.Clear();
        (await IdsAsync(new VideoJobQuery { Limit = 3 })).Should().HaveCount(4);
        _stores.Requests.Texts.Should().HaveCount(1 + 4, "one listing, and the states of what is shown");

        _stores.Requests.Clear();
        (await IdsAsync(new VideoJobQuery { Limit = 3, Status = VideoJobStatus.Failed, After = "job25" })).Should().Equal("job20", "job10", "job00");
        _stores.Requests.Texts.Should().HaveCount(1 + 1 + 3);
    }

    [AzuriteFact]
    public async Task Markers_AreListedByOneRequestForEvery5000()
    {
        await Parallel.ForAsync(0, 250, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await Markers.OpenAsync(new OpenMarker($"job{i:D4}", "t", DateTimeOffset.UnixEpoch), default));
        _stores.Requests.Clear();

        var first = await Markers.ListAsync(null, 200, default);
        var rest = await Markers.ListAsync(first[^1], 5000, default);

        first.Concat(rest).Select(static marker => marker.JobId).Should().Equal(Enumerable.Range(0, 250).Select(static i => $"job{i:D4}"));
        _stores.Requests.Texts.Should().SatisfyRespectively(
            static request => request.Should().Contain("maxresults=200&"), static request => request.Should().Contain("maxresults=5000&"));
    }

    [AzuriteFact]
    public async Task Write_WhoseAnswerIsLost_HasAnUnknownOutcomeAndIsThere()
    {
        _stores.Requests.LoseAnswers = static request => request.Contains("job-videojob", StringComparison.Ordinal);
        var write = () => Store.WriteAsync("a", SampleJobs.Queued(), null, default);

        (await write.Should().ThrowAsync<IOException>()).Which.Message.Should().Contain("'a'").And.NotContain("a prompt");

        _stores.Requests.LoseAnswers = null;
        (await Store.ReadAsync("a", default))!.Job.Phase.Should().Be(JobPhase.Queued);
        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("a");
    }
}
