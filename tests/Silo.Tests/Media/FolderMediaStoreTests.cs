using LlmTr.Silo.Media;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Ledgers;

namespace LlmTr.Silo.Tests.Media;

public sealed class FolderMediaStoreTests : MediaStoreConformance, IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;

    public FolderMediaStoreTests()
    {
        _folder = _temporary.Open();
        Store = new FolderMediaStore(_folder);
    }

    protected override IMediaStore Store { get; }

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }

    protected override Task<string[]> NamesAsync() => Task.FromResult<string[]>([.. Directory.GetFiles(Path.Combine(_folder.Path, "media")).Select(static file => Path.GetFileName(file)!).Order()]);

    [Fact]
    public async Task File_ThatAKilledProcessLeftUnfinished_IsClearedAwayAtTheNextStart()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "media", "a.123.part"), [1]);

        _ = new FolderMediaStore(_folder);

        (await NamesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Retention_DeletesWhatIsOlderAndNothingElse()
    {
        await Store.SaveAsync("old", new MemoryStream([1]), 10, default);
        await Store.SaveAsync("young", new MemoryStream([1]), 10, default);
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, "media", "old"), DateTime.UnixEpoch);

        (await Store.DeleteOldAsync(DateTimeOffset.UnixEpoch.AddDays(1), default)).Should().Be(1);

        (await NamesAsync()).Should().Equal("young");
        (await Store.OpenAsync("old", default)).Should().BeNull();
    }

    [Fact]
    public async Task Deletion_OfAFileThatIsRead_LetsItsReaderReadOn()
    {
        await Store.SaveAsync("a", new MemoryStream(new byte[500_000]), 500_000, default);
        await using var stream = (await Store.OpenAsync("a", default))!;
        await stream.ReadExactlyAsync(new byte[10]);

        await Store.DeleteAsync("a", default);

        await stream.ReadExactlyAsync(new byte[499_990]);
        (await Store.OpenAsync("a", default)).Should().BeNull();
    }
}
