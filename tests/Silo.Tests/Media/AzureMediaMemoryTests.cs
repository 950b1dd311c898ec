using LlmTr.Silo.Azure.Media;
using LlmTr.Silo.Tests.Azurite;

namespace LlmTr.Silo.Tests.Media;

/// <summary>What a big file allocates. It counts the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(AloneWithAzurite))]
public sealed class AzureMediaMemoryTests(AzuriteFixture azurite)
{
    [AzuriteFact]
    public async Task Memory_ForABigFile_IsABlockAndNotTheFile()
    {
        const int length = 16 * AzureMediaStore.BlockBytes;
        using var storage = azurite.NewStorage();
        await storage.MakeContainerAsync(AzureMedia.Container, default);
        var store = new AzureMediaStore(storage.CreateClient(retries: 0, TimeSpan.FromSeconds(30)).GetBlobContainerClient(storage.ContainerName(AzureMedia.Container)));

        // What is pooled is made by the first.
        await store.SaveAsync("warm", new Zeros(AzureMediaStore.BlockBytes + 1), length, default);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await store.SaveAsync("big", new Zeros(length), length, default);
        var saved = GC.GetTotalAllocatedBytes(precise: true);
        await using (var stream = (await store.OpenAsync("big", default))!)
            await stream.CopyToAsync(Stream.Null);
        var read = GC.GetTotalAllocatedBytes(precise: true);

        (saved - before).Should().BeLessThan(length / 4, "it is sent block by block");
        (read - saved).Should().BeLessThan(length / 4, "it is read part by part");
    }

    private sealed class Zeros(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = (int)Math.Min(buffer.Length, _left);
            buffer.Span[..read].Clear();
            _left -= read;
            return ValueTask.FromResult(read);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }
}
