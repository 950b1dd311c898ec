using System.Security.Cryptography;
using LlmTr.Silo.Media;
using LlmTr.Silo.Tests.Azurite;

namespace LlmTr.Silo.Tests.Media;

/// <summary>What every media store must do, whatever it is made of.</summary>
public abstract class MediaStoreConformance
{
    // Several blocks and a part of one, where a store sends blocks.
    private const int BigBytes = (9 * 1024 * 1024) + 12_345;

    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The store under test.</summary>
    protected abstract IMediaStore Store { get; }

    /// <summary>What is kept, unfinished files too where they can be seen, in order.</summary>
    protected abstract Task<string[]> NamesAsync();

    [StoreFact]
    public async Task File_ThatWasSaved_IsOpenedWithItsBytesAndKnownByItsHash()
    {
        // Around the size of a block, an empty one, and one of several blocks.
        foreach (var length in new[] { 0, 1, 300_000, (4 * 1024 * 1024) - 1, 4 * 1024 * 1024, (4 * 1024 * 1024) + 1, BigBytes })
        {
            var bytes = RandomNumberGenerator.GetBytes(length);

            var saved = await Store.SaveAsync("a.mp4", new Dribbling(bytes), length, None);

            saved.Should().Be(new MediaFile(length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
            await using var stream = (await Store.OpenAsync("a.mp4", None))!;
            (stream.CanSeek, stream.Length).Should().Be((true, length));
            (await ReadAsync(stream)).AsSpan().SequenceEqual(bytes).Should().BeTrue("all {0} bytes come back", length);
        }
    }

    [StoreFact]
    public async Task Range_OfAFile_IsReadFromWhereItBegins()
    {
        var bytes = RandomNumberGenerator.GetBytes(BigBytes);
        await Store.SaveAsync("a", new MemoryStream(bytes), BigBytes, None);
        await using var stream = (await Store.OpenAsync("a", None))!;

        foreach (var (from, count) in new[] { (5_000_000, 100), (0, 10), (BigBytes - 7, 7), (4_194_300, 10), (10, 5_000_000), (5_000_010, 1) })
        {
            stream.Seek(from, SeekOrigin.Begin).Should().Be(from);
            var part = new byte[count];
            await stream.ReadExactlyAsync(part);

            part.AsSpan().SequenceEqual(bytes.AsSpan(from, count)).Should().BeTrue("{0} bytes from {1} on", count, from);
            stream.Position.Should().Be(from + count);
        }

        stream.Seek(0, SeekOrigin.End);
        (await stream.ReadAsync(new byte[10])).Should().Be(0);
        stream.Seek(-3, SeekOrigin.Current);
        (await ReadAsync(stream)).Should().Equal(bytes[^3..]);
    }

    [StoreFact]
    public async Task File_ThatIsSavedAgain_TakesTheOldOnesPlace()
    {
        await Store.SaveAsync("a", new MemoryStream(new byte[BigBytes]), BigBytes, None);
        await Store.SaveAsync("a", new MemoryStream([4]), 10, None);

        (await NamesAsync()).Should().Equal("a");
        await using var stream = (await Store.OpenAsync("a", None))!;
        (await ReadAsync(stream)).Should().Equal(4);
    }

    [StoreFact]
    public async Task File_ThatIsTooLong_LeavesNothingBehind()
    {
        foreach (var (length, most) in new[] { (11, 10), (BigBytes, BigBytes - 1), (BigBytes, 10) })
        {
            var save = () => Store.SaveAsync("a", new MemoryStream(new byte[length]), most, None);

            await save.Should().ThrowAsync<MediaTooLargeException>();
            (await NamesAsync()).Should().BeEmpty();
            (await Store.OpenAsync("a", None)).Should().BeNull();
        }
    }

    [StoreFact]
    public async Task File_ThatBreaksOff_LeavesTheOldOneInItsPlace()
    {
        await Store.SaveAsync("a", new MemoryStream([1]), 10, None);

        foreach (var before in new[] { 10, BigBytes })
        {
            var save = () => Store.SaveAsync("a", new Dribbling(new byte[before], breaksOff: true), long.MaxValue, None);

            await save.Should().ThrowAsync<IOException>().WithMessage("cut");
            (await NamesAsync()).Should().Equal("a");
            await using var stream = (await Store.OpenAsync("a", None))!;
            (await ReadAsync(stream)).Should().Equal(1);
        }
    }

    [StoreFact]
    public async Task Saving_ThatIsGivenUp_KeepsNothing()
    {
        using var gone = new CancellationTokenSource();
        var save = () => Store.SaveAsync("a", new Dribbling(new byte[BigBytes], onEnd: gone.Cancel), long.MaxValue, gone.Token);

        await save.Should().ThrowAsync<OperationCanceledException>();

        (await NamesAsync()).Should().BeEmpty();
    }

    [StoreFact]
    public async Task ManyWhoSaveUnderOneName_LeaveOneOfTheirFilesWhole()
    {
        foreach (var length in new[] { 1000, BigBytes })
        {
            var files = Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetBytes(length)).ToArray();

            var saves = files.Select(file => Store.SaveAsync("a", new Dribbling(file), length, None)).ToArray();
            await Task.WhenAll(saves.Select(static async save =>
            {
                try
                {
                    await save;
                }
                catch (IOException)
                {
                    // Told so; another was kept.
                }
            }));

            saves.Should().Contain(static save => save.IsCompletedSuccessfully);
            await using var stream = (await Store.OpenAsync("a", None))!;
            var kept = await ReadAsync(stream);
            saves.Where(static save => save.IsCompletedSuccessfully).Select(static save => save.GetAwaiter().GetResult().Sha256)
                .Should().Contain(Convert.ToHexStringLower(SHA256.HashData(kept)));
        }
    }

    [StoreFact]
    public async Task File_ThatIsReplacedWhileItIsRead_NeverGoesOnAsTheOther()
    {
        var (old, young) = (new byte[BigBytes], Enumerable.Repeat((byte)1, BigBytes).ToArray());
        await Store.SaveAsync("a", new MemoryStream(old), BigBytes, None);
        await using var stream = (await Store.OpenAsync("a", None))!;
        await stream.ReadExactlyAsync(new byte[10]);

        await Store.SaveAsync("a", new MemoryStream(young), BigBytes, None);

        var read = new List<byte>();
        try
        {
            read.AddRange(await ReadAsync(stream));
            read.Should().HaveCount(BigBytes - 10);
        }
        catch (IOException)
        {
            // It breaks off: the reader knows that it has not all.
        }

        read.Should().NotContain((byte)1);
    }

    [StoreFact]
    public async Task Deletion_OfAFileThatIsRead_NeverEndsItEarlyAndQuietly()
    {
        await Store.SaveAsync("a", new MemoryStream(new byte[BigBytes]), BigBytes, None);
        await using var stream = (await Store.OpenAsync("a", None))!;
        await stream.ReadExactlyAsync(new byte[10]);

        await Store.DeleteAsync("a", None);

        (await Store.OpenAsync("a", None)).Should().BeNull();
        try
        {
            (await ReadAsync(stream)).Should().HaveCount(BigBytes - 10);
        }
        catch (IOException broken)
        {
            broken.Message.Should().Contain("'a'");
        }
    }

    [StoreFact]
    public async Task Retention_OfAllThatWasKeptBeforeNow_LeavesWhatIsSavedLater()
    {
        await Store.SaveAsync("a", new MemoryStream([1]), 10, None);
        await Store.SaveAsync("b", new MemoryStream([1]), 10, None);

        (await Store.DeleteOldAsync(TimeProvider.System.GetUtcNow().AddMinutes(-10), None)).Should().Be(0);
        (await Store.DeleteOldAsync(TimeProvider.System.GetUtcNow().AddMinutes(10), None)).Should().Be(2);

        (await NamesAsync()).Should().BeEmpty();
    }

    [StoreFact]
    public async Task Deletion_OfAFileThatIsNotThere_IsNoFailure()
    {
        await Store.SaveAsync("a", new MemoryStream([1]), 10, None);
        await Store.DeleteAsync("a", None);
        await Store.DeleteAsync("a", None);

        (await Store.OpenAsync("a", None)).Should().BeNull();
    }

    [StoreFact]
    public async Task Name_ThatCouldLeaveTheStore_IsRefused()
    {
        foreach (var name in new[] { "", "../a", "a/b", "..", ".hidden", "a b", "ğ", new string('a', 201) })
        {
            var calls = new Func<Task>[]
            {
                () => Store.OpenAsync(name, None),
                () => Store.DeleteAsync(name, None),
                () => Store.SaveAsync(name, Stream.Null, 1, None),
            };
            foreach (var call in calls)
                await call.Should().ThrowAsync<ArgumentException>();
        }
    }

    /// <summary>All that a stream still has.</summary>
    protected static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>Gives a part at a time, as the network does, and ends as it is told.</summary>
    private sealed class Dribbling(byte[] bytes, bool breaksOff = false, Action? onEnd = null) : MemoryStream(bytes, writable: false)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var read = Read(buffer.Span[..Math.Min(buffer.Length, 70_000)]);
            if (read > 0)
                return read;
            if (breaksOff)
                throw new IOException("cut");
            onEnd?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            return 0;
        }
    }
}
