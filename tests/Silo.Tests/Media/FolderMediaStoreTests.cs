using System.Security.Cryptography;
using LlmTr.Silo.Media;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Ledgers;

namespace LlmTr.Silo.Tests.Media;

public sealed class FolderMediaStoreTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;
    private readonly FolderMediaStore _store;

    public FolderMediaStoreTests()
    {
        _folder = _temporary.Open();
        _store = new FolderMediaStore(_folder);
    }

    private string[] Files => [.. Directory.GetFiles(Path.Combine(_folder.Path, "media")).Select(static file => Path.GetFileName(file)!).Order()];

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task File_ThatWasSaved_IsOpenedWithItsBytesAndKnownByItsHash()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);

        var saved = await _store.SaveAsync("a.mp4", new MemoryStream(bytes), bytes.Length, default);

        saved.Should().Be(new MediaFile(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
        await using var stream = (await _store.OpenAsync("a.mp4", default))!;
        var read = new byte[bytes.Length];
        await stream.ReadExactlyAsync(read);
        read.Should().Equal(bytes);
        (stream.CanSeek, stream.Length).Should().Be((true, bytes.Length));
    }

    [Fact]
    public async Task File_ThatIsSavedAgain_TakesTheOldOnesPlace()
    {
        await _store.SaveAsync("a", new MemoryStream([1, 2, 3]), 10, default);
        await _store.SaveAsync("a", new MemoryStream([4]), 10, default);

        Files.Should().Equal("a");
        await using var stream = (await _store.OpenAsync("a", default))!;
        stream.Length.Should().Be(1);
    }

    [Fact]
    public async Task File_ThatIsTooLong_LeavesNothingBehind()
    {
        var save = () => _store.SaveAsync("a", new MemoryStream(new byte[11]), 10, default);

        await save.Should().ThrowAsync<MediaTooLargeException>();
        Files.Should().BeEmpty();
    }

    [Fact]
    public async Task File_ThatBreaksOff_LeavesTheOldOneInItsPlace()
    {
        await _store.SaveAsync("a", new MemoryStream([1]), 10, default);

        var save = () => _store.SaveAsync("a", new BrokenStream(), 1000, default);

        await save.Should().ThrowAsync<IOException>();
        Files.Should().Equal("a");
        await using var stream = (await _store.OpenAsync("a", default))!;
        stream.Length.Should().Be(1);
    }

    [Fact]
    public async Task File_ThatAKilledProcessLeftUnfinished_IsClearedAwayAtTheNextStart()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "media", "a.123.part"), [1]);

        _ = new FolderMediaStore(_folder);

        Files.Should().BeEmpty();
    }

    [Fact]
    public async Task Retention_DeletesWhatIsOlderAndNothingElse()
    {
        await _store.SaveAsync("old", new MemoryStream([1]), 10, default);
        await _store.SaveAsync("young", new MemoryStream([1]), 10, default);
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, "media", "old"), DateTime.UnixEpoch);

        (await _store.DeleteOldAsync(DateTimeOffset.UnixEpoch.AddDays(1), default)).Should().Be(1);

        Files.Should().Equal("young");
        (await _store.OpenAsync("old", default)).Should().BeNull();
    }

    [Fact]
    public async Task Deletion_OfAFileThatIsNotThere_IsNoFailure()
    {
        await _store.SaveAsync("a", new MemoryStream([1]), 10, default);
        await _store.DeleteAsync("a", default);
        await _store.DeleteAsync("a", default);

        (await _store.OpenAsync("a", default)).Should().BeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public async Task Name_ThatCouldLeaveTheFolder_IsRefused(string name)
    {
        var open = () => _store.OpenAsync(name, default);

        await open.Should().ThrowAsync<ArgumentException>();
    }

    private sealed class BrokenStream : MemoryStream
    {
        private bool _hasGiven;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_hasGiven)
                throw new IOException("cut");
            _hasGiven = true;
            buffer.Span[..10].Clear();
            return ValueTask.FromResult(10);
        }
    }
}
