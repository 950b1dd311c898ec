using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Silo.Tests.Azurite;
using Orleans.Storage;

namespace LlmTr.Silo.Tests.Video;

/// <summary>What every store of video jobs and their open markers must do, whatever it is made of. A store's test class derives from this and says how to open it.</summary>
public abstract class VideoJobStoreConformance
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The store under test; the same object until <see cref="ReopenAsync"/>.</summary>
    protected abstract IVideoJobStore Store { get; }

    /// <summary>Its markers.</summary>
    protected abstract IOpenMarkers Markers { get; }

    /// <summary>Opens it again over the same data.</summary>
    protected abstract Task ReopenAsync();

    [StoreFact]
    public async Task Job_ThatWasWritten_IsReadBackAlsoAfterARestart()
    {
        var job = SampleJobs.Queued() with { Order = SampleJobs.Queued().Order! with { Prompt = "ğüşıöç 日本語 😀 \" \\ \n " + new string('x', 10_000) } };
        var etag = await Store.WriteAsync("a", job, null, None);
        await ReopenAsync();

        (await Store.ReadAsync("a", None)).Should().Be(new StoredVideoJob(job, etag));
        (await Store.ReadAsync("b", None)).Should().BeNull();
    }

    [StoreFact]
    public async Task Ids_OfAnyCharacters_AreOfDifferentJobs()
    {
        string[] ids = ["a", "A", "a/b", "a%2Fb", "a.b", "ğ日本 😀", "a b", "a?b#c", "list/every/all/x"];
        foreach (var id in ids)
        {
            await Store.WriteAsync(id, SampleJobs.Queued("key/ğ", minute: Array.IndexOf(ids, id)), null, None);
            await Markers.OpenAsync(new OpenMarker(id, "t/1", DateTimeOffset.UnixEpoch), None);
        }

        foreach (var id in ids)
            (await Store.ReadAsync(id, None))!.Job.CreatedAt.Minute.Should().Be(Array.IndexOf(ids, id));
        (await IdsAsync(new VideoJobQuery { KeyId = "key/ğ", Limit = 20 })).Should().Equal(ids.Reverse());
        (await IdsAsync(new VideoJobQuery { KeyId = "key", Limit = 20 })).Should().BeEmpty();
        (await Markers.ListAsync(null, 20, None)).Select(static marker => marker.JobId).Should().BeEquivalentTo(ids);
        foreach (var id in ids)
            await Markers.CloseAsync(id, "t/1", None);
        (await Markers.ListAsync(null, 20, None)).Should().BeEmpty();
    }

    [StoreFact]
    public async Task Write_OnAStaleETag_IsRefusedAndChangesNothing()
    {
        var first = await Store.WriteAsync("a", SampleJobs.Queued(), null, None);
        var second = await Store.WriteAsync("a", SampleJobs.Queued().MoneyHeld(), first, None);

        foreach (var stale in new[] { first, null, "none" })
            await ShouldConflict(Store.WriteAsync("a", SampleJobs.Over(), stale, None));

        (await Store.ReadAsync("a", None)).Should().Be(new StoredVideoJob(SampleJobs.Queued().MoneyHeld() with { HoldId = (await Store.ReadAsync("a", None))!.Job.HoldId }, second));
        (await IdsAsync(new VideoJobQuery { Limit = 9, Status = VideoJobStatus.Failed })).Should().BeEmpty("a name that a refused write left behind is not believed");
        (await IdsAsync(new VideoJobQuery { Limit = 9, Status = VideoJobStatus.Queued })).Should().Equal("a");
    }

    [StoreFact]
    public async Task Write_OfAJobThatIsNotThere_OnAnETag_IsRefused()
    {
        var etag = await Store.WriteAsync("a", SampleJobs.Queued(), null, None);

        await ShouldConflict(Store.WriteAsync("b", SampleJobs.Queued(), etag, None));

        (await Store.ReadAsync("b", None)).Should().BeNull();
        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("a");
    }

    [StoreFact]
    public async Task ManyWritesOnOneETag_OneSucceeds()
    {
        var etag = await Store.WriteAsync("a", SampleJobs.Queued(), null, None);

        (await SucceededAsync(i => Store.WriteAsync("a", SampleJobs.Over(minute: i), etag, None))).Should().Be(1);
    }

    [StoreFact]
    public async Task ManyBeginningsOfOneJob_OneSucceeds()
    {
        (await SucceededAsync(i => Store.WriteAsync("a", SampleJobs.Queued(minute: i), null, None))).Should().Be(1);

        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("a");
    }

    [StoreFact]
    public async Task ETag_OfAJobThatWasTakenAwayAndBegunAnew_IsNotAcceptedAgain()
    {
        var etag = await Store.WriteAsync("a", SampleJobs.Queued(), null, None);
        await Store.ClearAsync("a", etag, None);
        (await Store.ReadAsync("a", None)).Should().BeNull();
        await ShouldConflict(Store.ClearAsync("a", etag, None));
        await Store.WriteAsync("a", SampleJobs.Queued(minute: 1), null, None);

        await ShouldConflict(Store.WriteAsync("a", SampleJobs.Over(), etag, None));
        await ShouldConflict(Store.ClearAsync("a", etag, None));
        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("a");
    }

    [StoreFact]
    public async Task Job_ThatWasTakenAway_IsInNoList()
    {
        var etag = await Store.WriteAsync("a", SampleJobs.Queued(), null, None);
        await Store.WriteAsync("b", SampleJobs.Queued(), null, None);

        await Store.ClearAsync("a", etag, None);

        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("b");
        (await IdsAsync(new VideoJobQuery { Limit = 9, KeyId = "key_1", Status = VideoJobStatus.Queued })).Should().Equal("b");
    }

    [StoreFact]
    public async Task List_OfAKey_IsPagedFromTheYoungest()
    {
        for (var i = 0; i < 5; i++)
            await Store.WriteAsync($"mine{i}", i == 2 ? SampleJobs.Over(minute: i) : SampleJobs.Queued(minute: i), null, None);
        await Store.WriteAsync("other", SampleJobs.Queued("key_2", minute: 9), null, None);
        await Store.WriteAsync("grave", VideoJob.NeverBegun(DateTimeOffset.UnixEpoch), null, None);

        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 2 })).Should().Equal("mine4", "mine3", "mine2");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 2, After = "mine3" })).Should().Equal("mine2", "mine1", "mine0");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 2, After = "mine1" })).Should().Equal("mine0");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 2, After = "other" })).Should().Equal("mine4", "mine3", "mine2");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 9, Status = VideoJobStatus.Failed })).Should().Equal("mine2");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 9, Status = VideoJobStatus.Queued, After = "mine2" })).Should().Equal("mine1", "mine0");
        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("other", "mine4", "mine3", "mine2", "mine1", "mine0");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 9, After = "unknown" })).Should().BeEmpty();
        (await IdsAsync(new VideoJobQuery { KeyId = "key_3", Limit = 9 })).Should().BeEmpty();
    }

    [StoreFact]
    public async Task List_OfJobsOfOneMoment_IsPagedWithoutAGapOrARepeat()
    {
        for (var i = 0; i < 25; i++)
            await Store.WriteAsync($"job{i:D2}", SampleJobs.Queued(minute: i is > 3 and < 22 ? 5 : i), null, None);

        var all = new List<string>();
        while (true)
        {
            var page = await IdsAsync(new VideoJobQuery { Limit = 4, After = all.LastOrDefault() });
            all.AddRange(page.Take(4));
            if (page.Length <= 4)
                break;
        }

        all.Should().Equal(Enumerable.Range(0, 25).Select(static i => $"job{i:D2}").Reverse());
    }

    [StoreFact]
    public async Task Status_ThatAJobHasLeft_ListsItNoMore()
    {
        var job = SampleJobs.Queued();
        var etag = await Store.WriteAsync("a", job, null, None);
        await ShouldBeIn(VideoJobStatus.Queued);

        etag = await Store.WriteAsync("a", job = job.MoneyHeld().Claimed("nonce", DateTimeOffset.UnixEpoch), etag, None);
        await ShouldBeIn(VideoJobStatus.InProgress);

        // Taken back, because it was never sent.
        etag = await Store.WriteAsync("a", job = job with { Phase = JobPhase.Holding }, etag, None);
        await ShouldBeIn(VideoJobStatus.Queued);

        etag = await Store.WriteAsync("a", job = job with { Phase = JobPhase.Failed, CompletedAt = DateTimeOffset.UnixEpoch.AddMinutes(1) }, etag, None);
        await ShouldBeIn(VideoJobStatus.Failed);

        // Given up, and found again.
        etag = await Store.WriteAsync("a", job = job with { Phase = JobPhase.Polling, CompletedAt = null }, etag, None);
        await ShouldBeIn(VideoJobStatus.InProgress);
        (await Store.ForgetAsync(DateTimeOffset.UnixEpoch.AddMinutes(2), 10, None)).Should().Be(0, "it is not over after all");
        await ShouldBeIn(VideoJobStatus.InProgress);

        await Store.WriteAsync("a", job with { Phase = JobPhase.Succeeded, CompletedAt = DateTimeOffset.UnixEpoch.AddMinutes(9) }, etag, None);
        await ShouldBeIn(VideoJobStatus.Succeeded);

        async Task ShouldBeIn(VideoJobStatus expected)
        {
            foreach (var status in Enum.GetValues<VideoJobStatus>())
            {
                foreach (var key in new[] { null, "key_1" })
                    (await IdsAsync(new VideoJobQuery { KeyId = key, Limit = 9, Status = status })).Should().Equal(status == expected ? ["a"] : [], "it is {0}", expected);
            }

            (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("a");
        }
    }

    [StoreFact]
    public async Task Forgetting_TakesOnlyWhatWasOverBefore()
    {
        await Store.WriteAsync("old", SampleJobs.Over(minute: 0), null, None);
        await Store.WriteAsync("grave", VideoJob.NeverBegun(DateTimeOffset.UnixEpoch), null, None);
        await Store.WriteAsync("young", SampleJobs.Over(minute: 10), null, None);
        await Store.WriteAsync("open", SampleJobs.Queued(minute: 0), null, None);

        (await Store.ForgetAsync(DateTimeOffset.UnixEpoch.AddMinutes(5), 10, None)).Should().Be(2);
        (await Store.ForgetAsync(DateTimeOffset.UnixEpoch.AddMinutes(5), 10, None)).Should().Be(0);

        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("young", "open");
        (await Store.ReadAsync("old", None)).Should().BeNull();
        (await Store.ReadAsync("grave", None)).Should().BeNull();
    }

    [StoreFact]
    public async Task Forgetting_OfMany_GoesOnUntilNoneIsLeft()
    {
        for (var i = 0; i < 12; i++)
            await Store.WriteAsync($"job{i}", SampleJobs.Over(), null, None);

        (await Store.ForgetAsync(DateTimeOffset.UnixEpoch.AddDays(1), 5, None)).Should().Be(5);
        (await Store.ForgetAsync(DateTimeOffset.UnixEpoch.AddDays(1), 5, None)).Should().Be(5);
        (await Store.ForgetAsync(DateTimeOffset.UnixEpoch.AddDays(1), 5, None)).Should().Be(2);

        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().BeEmpty();
    }

    [StoreFact]
    public async Task Grave_OfAJobThatIsBegunAfterAll_IsListedFromThenOn()
    {
        var etag = await Store.WriteAsync("a", VideoJob.NeverBegun(DateTimeOffset.UnixEpoch), null, None);

        await ShouldConflict(Store.WriteAsync("a", SampleJobs.Queued(), null, None));
        await Store.WriteAsync("a", SampleJobs.Queued(minute: 1), etag, None);

        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 9, Status = VideoJobStatus.Queued })).Should().Equal("a");
        (await Store.ForgetAsync(DateTimeOffset.UnixEpoch.AddDays(1), 9, None)).Should().Be(0);
        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("a");
    }

    [StoreFact]
    public async Task Markers_AreListedInOrderAndClosedByTheirTokens()
    {
        var at = DateTimeOffset.UnixEpoch.AddMilliseconds(5);
        foreach (var (job, token) in new[] { ("b", "1"), ("a", "2"), ("a", "1"), ("c", "1") })
            await Markers.OpenAsync(new OpenMarker(job, token, at), None);
        await Markers.OpenAsync(new OpenMarker("a", "1", at.AddDays(1)), None);

        (await Markers.ListAsync(null, 3, None)).Should().Equal(new OpenMarker("a", "1", at), new OpenMarker("a", "2", at), new OpenMarker("b", "1", at));
        (await Markers.ListAsync(new OpenMarker("a", "2", at), 3, None)).Should().Equal(new OpenMarker("b", "1", at), new OpenMarker("c", "1", at));
        await Markers.CloseAsync("a", "1", None);
        await Markers.CloseAsync("a", "never set", None);
        (await Markers.ListAsync(new OpenMarker("a", "1", at), 9, None)).Select(static marker => (marker.JobId, marker.Token)).Should().Equal(("a", "2"), ("b", "1"), ("c", "1"));
    }

    /// <summary>The ids that a query finds.</summary>
    protected async Task<string[]> IdsAsync(VideoJobQuery query) => [.. (await Store.ListAsync(query, None)).Select(static row => row.Id)];

    /// <summary>A write that must be refused because another was first.</summary>
    protected static async Task ShouldConflict(Task write) => await write.Awaiting(static write => write).Should().ThrowAsync<InconsistentStateException>();

    // Twenty at once.
    private static async Task<int> SucceededAsync(Func<int, Task> write)
    {
        var writes = Enumerable.Range(0, 20).Select(write).ToArray();
        await Task.WhenAll(writes.Select(static async write =>
        {
            try
            {
                await write;
            }
            catch (InconsistentStateException)
            {
                // Nineteen of them.
            }
        }));
        return writes.Count(static write => write.IsCompletedSuccessfully);
    }
}
