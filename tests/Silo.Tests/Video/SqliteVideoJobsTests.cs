using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Ledgers;
using LlmTr.Xai.Video;
using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace LlmTr.Silo.Tests.Video;

public sealed class SqliteVideoJobsTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;
    private SqliteVideoJobs _store;

    public SqliteVideoJobsTests()
    {
        _folder = _temporary.Open();
        _store = new SqliteVideoJobs(_folder);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task Job_ThatWasWritten_IsReadBackAlsoAfterARestart()
    {
        var job = SampleJobs.Queued();
        var etag = await _store.WriteAsync("a", job, null, default);
        _store.Dispose();
        _store = new SqliteVideoJobs(_folder);

        (await _store.ReadAsync("a", default)).Should().Be(new StoredVideoJob(job, etag));
        (await _store.ReadAsync("b", default)).Should().BeNull();
    }

    [Fact]
    public async Task Write_OnAStaleETag_IsRefusedAndChangesNothing()
    {
        var first = await _store.WriteAsync("a", SampleJobs.Queued(), null, default);
        var second = await _store.WriteAsync("a", SampleJobs.Queued().MoneyHeld(), first, default);

        foreach (var stale in new[] { first, null, "none" })
            await _store.Awaiting(store => store.WriteAsync("a", SampleJobs.Over(), stale, default)).Should().ThrowAsync<InconsistentStateException>();

        (await _store.ReadAsync("a", default))!.ETag.Should().Be(second);
    }

    [Fact]
    public async Task ManyWritesOnOneETag_OneSucceeds()
    {
        var etag = await _store.WriteAsync("a", SampleJobs.Queued(), null, default);

        var writes = Enumerable.Range(0, 20).Select(_ => _store.WriteAsync("a", SampleJobs.Over(), etag, default)).ToArray();
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

        writes.Count(static write => write.IsCompletedSuccessfully).Should().Be(1);
    }

    [Fact]
    public async Task ETag_OfAJobThatWasTakenAwayAndBegunAnew_IsNotAcceptedAgain()
    {
        var etag = await _store.WriteAsync("a", SampleJobs.Queued(), null, default);
        await _store.ClearAsync("a", etag, default);
        (await _store.ReadAsync("a", default)).Should().BeNull();
        await _store.WriteAsync("a", SampleJobs.Queued(), null, default);

        await _store.Awaiting(store => store.WriteAsync("a", SampleJobs.Over(), etag, default)).Should().ThrowAsync<InconsistentStateException>();
        await _store.Awaiting(store => store.ClearAsync("a", etag, default)).Should().ThrowAsync<InconsistentStateException>();
    }

    [Fact]
    public async Task Conflict_InABatch_FailsOnlyItsOwnJob()
    {
        var writes = Enumerable.Range(0, 100).Select(i => _store.WriteAsync($"job{i}", SampleJobs.Queued(), i == 50 ? "stale" : null, default)).ToArray();

        await writes[50].Awaiting(static write => write).Should().ThrowAsync<InconsistentStateException>();
        await Task.WhenAll(writes.Where((_, i) => i != 50));
    }

    [Fact]
    public async Task List_OfAKey_IsPagedFromTheYoungest()
    {
        for (var i = 0; i < 5; i++)
            await _store.WriteAsync($"mine{i}", i == 2 ? SampleJobs.Over(minute: i) : SampleJobs.Queued(minute: i), null, default);
        await _store.WriteAsync("other", SampleJobs.Queued("key_2", minute: 9), null, default);
        await _store.WriteAsync("grave", VideoJob.NeverBegun(DateTimeOffset.UnixEpoch), null, default);

        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 2 })).Should().Equal("mine4", "mine3", "mine2");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 2, After = "mine3" })).Should().Equal("mine2", "mine1", "mine0");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 2, After = "mine1" })).Should().Equal("mine0");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 9, Status = VideoJobStatus.Failed })).Should().Equal("mine2");
        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("other", "mine4", "mine3", "mine2", "mine1", "mine0");
        (await IdsAsync(new VideoJobQuery { KeyId = "key_1", Limit = 9, After = "unknown" })).Should().BeEmpty();
    }

    [Fact]
    public async Task Forgetting_TakesOnlyWhatWasOverBefore()
    {
        await _store.WriteAsync("old", SampleJobs.Over(minute: 0), null, default);
        await _store.WriteAsync("young", SampleJobs.Over(minute: 10), null, default);
        await _store.WriteAsync("open", SampleJobs.Queued(minute: 0), null, default);

        (await _store.ForgetAsync(DateTimeOffset.UnixEpoch.AddMinutes(5), 10, default)).Should().Be(1);

        (await IdsAsync(new VideoJobQuery { Limit = 9 })).Should().Equal("young", "open");
    }

    [Fact]
    public async Task Markers_AreListedInOrderAndClosedByTheirTokens()
    {
        var at = DateTimeOffset.UnixEpoch.AddMilliseconds(5);
        foreach (var (job, token) in new[] { ("b", "1"), ("a", "2"), ("a", "1"), ("c", "1") })
            await _store.OpenAsync(new OpenMarker(job, token, at), default);
        await _store.OpenAsync(new OpenMarker("a", "1", at.AddDays(1)), default);

        (await _store.ListAsync((OpenMarker?)null, 3, default)).Should().Equal(new OpenMarker("a", "1", at), new OpenMarker("a", "2", at), new OpenMarker("b", "1", at));
        (await _store.ListAsync(new OpenMarker("a", "2", at), 3, default)).Should().Equal(new OpenMarker("b", "1", at), new OpenMarker("c", "1", at));
        await _store.CloseAsync("a", "1", default);
        await _store.CloseAsync("a", "never set", default);
        (await _store.ListAsync((OpenMarker?)null, 9, default)).Select(static marker => (marker.JobId, marker.Token)).Should().Equal(("a", "2"), ("b", "1"), ("c", "1"));
    }

    [Fact]
    public async Task Prompt_OfAJobThatWasSent_IsNowhereInTheFile()
    {
        for (var i = 0; i < 50; i++)
        {
            var job = SampleJobs.Queued();
            var etag = await _store.WriteAsync($"job{i}", job with { Order = job.Order! with { Prompt = new string('p', 2000) + " the canary" } }, null, default);
            var sent = job.MoneyHeld().Claimed("n", job.CreatedAt).Submitted("n", VideoStart.Accepted("x"), job.CreatedAt);
            await _store.WriteAsync($"job{i}", sent, etag, default);
        }

        // The last connection that closes brings what is in the log into the file.
        _store.Dispose();
        var file = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "jobs.db"));

        file.AsSpan().IndexOf("the canary"u8).Should().Be(-1);
        File.Exists(Path.Combine(_folder.Path, "jobs.db-wal")).Should().BeFalse();
    }

    [Fact]
    public void File_OfANewerVersion_IsNotOpened()
    {
        _store.Dispose();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "jobs.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var open = () => new SqliteVideoJobs(_folder);

        open.Should().Throw<DataFolderException>().WithMessage("*schema 99*");
    }

    private async Task<string[]> IdsAsync(VideoJobQuery query) => [.. (await _store.ListAsync(query, default)).Select(static row => row.Id)];
}
