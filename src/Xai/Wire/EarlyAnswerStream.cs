namespace LlmTr.Xai.Wire;

/// <summary>
/// A connection on which a failed write does not hide an answer. A server that has seen enough (too large, bad key) may answer and close while the body is still
/// on its way; the write then fails, and .NET would throw the connection and the unread answer away. Here the rest of the body is dropped instead, so that the
/// HTTP stack goes on to read: it finds the answer, or the end of the connection, which it reports as such. Reads are not touched.
/// </summary>
/// <remarks>
/// Nothing can be sent on such a connection afterwards and be taken for sent: its other side is closed, so every read but of what has already come fails,
/// and a connection at its end is never used again. A server that answers early and then neither reads on nor closes is noticed only by the caller's time limit.
/// </remarks>
internal sealed class EarlyAnswerStream(Stream connection) : Stream
{
    private bool _writeFailed;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        connection.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => connection.Read(buffer, offset, count);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_writeFailed)
            return;
        try
        {
            await connection.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            _writeFailed = true;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!_writeFailed)
            await connection.FlushAsync(cancellationToken);
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            connection.Dispose();
        base.Dispose(disposing);
    }
}
