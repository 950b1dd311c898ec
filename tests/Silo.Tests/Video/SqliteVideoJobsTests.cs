using LlmTr.Grains.Video;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Ledgers;
using LlmTr.Xai.Video;
using Microsoft.Data.Sqlite;

namespace LlmTr.Silo.Tests.Video;

public sealed class SqliteVideoJobsTests : VideoJobStoreConformance, IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;
    private SqliteVideoJobs _store;

    public SqliteVideoJobsTests()
    {
        _folder = _temporary.Open();
        _store = new SqliteVideoJobs(_folder);
    }

    protected override IVideoJobStore Store => _store;

    protected override IOpenMarkers Markers => _store;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        _temporary.Dispose();
    }

    protected override Task ReopenAsync()
    {
        _store.Dispose();
        _store = new SqliteVideoJobs(_folder);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Conflict_InABatch_FailsOnlyItsOwnJob()
    {
        var writes = Enumerable.Range(0, 100).Select(i => _store.WriteAsync($"job{i}", SampleJobs.Queued(), i == 50 ? "stale" : null, default)).ToArray();

        await ShouldConflict(writes[50]);
        await Task.WhenAll(writes.Where((_, i) => i != 50));
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

    [Fact]
    public void Open_JobsThatAreThere_WritesNothing()
    {
        using var observer = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "jobs.db")};Pooling=False");
        observer.Open();
        using var command = observer.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        var before = command.ExecuteScalar();

        _store.Dispose();
        _store = new SqliteVideoJobs(_folder);

        command.ExecuteScalar().Should().Be(before, "it changes with every commit of another connection");
    }
}
