using System.Text;
using LlmTr.Xai.Wire;

namespace LlmTr.Xai.Tests.Wire;

public class BoundedBodyTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", BodyEnd.Complete, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", BodyEnd.Complete, "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", BodyEnd.Complete, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhello", BodyEnd.Complete, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", BodyEnd.Cut, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", BodyEnd.Cut, "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", BodyEnd.Cut, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", BodyEnd.Cut, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello", BodyEnd.Cut, "hello")]
    // .NET drops what it had decoded when the framing breaks within the bytes of one read.
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", BodyEnd.Cut, "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", BodyEnd.Cut, "")]
    public async Task Body_OfAnyFraming_TellsWhetherItCameWhole(string answer, BodyEnd end, string text)
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(answer);
        });
        using var client = XaiClientTests.Client(server.Url);
        using var reply = await XaiClientTests.PostAsync(client);

        using var body = await BoundedBody.ReadAsync(await reply.Response!.Content.ReadAsStreamAsync(), 100, CancellationToken.None);

        body.End.Should().Be(end);
        Encoding.UTF8.GetString(body.Memory.Span).Should().Be(text);
        (body.Error is not null).Should().Be(end == BodyEnd.Cut);
    }

    [Fact]
    public async Task Body_ResetInItsMiddle_IsCut()
    {
        var isRead = new TaskCompletionSource();
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
            await isRead.Task;
            c.Reset();
        });
        using var client = XaiClientTests.Client(server.Url);
        using var reply = await XaiClientTests.PostAsync(client);
        var stream = new ToldStream(await reply.Response!.Content.ReadAsStreamAsync(), isRead);

        using var body = await BoundedBody.ReadAsync(stream, 100, CancellationToken.None);

        body.End.Should().Be(BodyEnd.Cut);
        Encoding.UTF8.GetString(body.Memory.Span).Should().Be("hello");
    }

    [Fact]
    public async Task Body_AbortedInItsMiddle_KeepsWhatCame()
    {
        var isRead = new TaskCompletionSource();
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
            await c.StallAsync();
        });
        using var client = XaiClientTests.Client(server.Url);
        using var reply = await XaiClientTests.PostAsync(client);
        using var abort = new CancellationTokenSource();

        var reading = BoundedBody.ReadAsync(new ToldStream(await reply.Response!.Content.ReadAsStreamAsync(), isRead), 100, abort.Token);
        await isRead.Task;
        await abort.CancelAsync();
        using var body = await reading;

        body.End.Should().Be(BodyEnd.Aborted);
        Encoding.UTF8.GetString(body.Memory.Span).Should().Be("hello");
    }

    [Theory]
    [InlineData(0, 10, BodyEnd.Complete)]
    [InlineData(9, 10, BodyEnd.Complete)]
    [InlineData(10, 10, BodyEnd.Complete)]
    [InlineData(11, 10, BodyEnd.TooLarge)]
    [InlineData(1, 1, BodyEnd.Complete)]
    [InlineData(2, 1, BodyEnd.TooLarge)]
    [InlineData(16 * 1024, 16 * 1024, BodyEnd.Complete)]
    [InlineData(16 * 1024 + 1, 16 * 1024, BodyEnd.TooLarge)]
    [InlineData(1_000_000, 1_000_000, BodyEnd.Complete)]
    [InlineData(1_000_001, 1_000_000, BodyEnd.TooLarge)]
    [InlineData(1_000_000, int.MaxValue, BodyEnd.Complete)]
    public async Task Body_AroundTheLimit_IsTakenUpToIt(int size, int limit, BodyEnd end)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);

        using var body = await BoundedBody.ReadAsync(new MemoryStream(bytes), limit, CancellationToken.None);

        body.End.Should().Be(end);
        body.Memory.Span.SequenceEqual(bytes.AsSpan(0, Math.Min(size, limit))).Should().BeTrue();
    }

    [Fact]
    public async Task Body_InSmallPieces_IsPutTogether()
    {
        var bytes = new byte[40_000];
        new Random(1).NextBytes(bytes);
        using var body = await BoundedBody.ReadAsync(new OneByteStream(bytes), 50_000, CancellationToken.None);
        body.Memory.Span.SequenceEqual(bytes).Should().BeTrue();
    }

    [Fact]
    public async Task Memory_AfterDispose_IsRefused()
    {
        var body = await BoundedBody.ReadAsync(new MemoryStream([1]), 1, CancellationToken.None);
        body.Dispose();
        body.Dispose();
        var use = () => body.Memory;
        use.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task Limit_BelowOne_IsRefused()
    {
        var read = () => BoundedBody.ReadAsync(Stream.Null, 0, CancellationToken.None);
        await read.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    /// <summary>Gives one byte at a time.</summary>
    private sealed class OneByteStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }

    /// <summary>Tells when the first bytes have been read, so that a test can act exactly then.</summary>
    private sealed class ToldStream(Stream inner, TaskCompletionSource isRead) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            if (read == "hello".Length)
                isRead.TrySetResult();
            return read;
        }
    }
}
