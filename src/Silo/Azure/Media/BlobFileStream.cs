using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace LlmTr.Silo.Azure.Media;

/// <summary>
/// Reads a blob from any position on. A part is asked for when it is read and goes through unbuffered, so that a reader costs no memory whatever the file's size, and one who
/// wants a few bytes out of the middle does not make the service send the rest.
/// </summary>
internal sealed class BlobFileStream(BlobClient blob, long length, ETag etag) : Stream
{
    private Stream? _part;
    private long _partEnd;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _position >= length)
            return 0;
        try
        {
            _part ??= await OpenAsync(cancellationToken);
            var read = await _part.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                throw new IOException($"The file '{blob.Name}' ended before its length.");
            _position += read;
            if (_position >= _partEnd)
                EndPart();
            return read;
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellationToken))
        {
            throw AzureFailure.Of($"The file '{blob.Name}' could not be read on", exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        if (position != _position)
            EndPart();
        return _position = position;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A file in a blob is read asynchronously only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            EndPart();
        base.Dispose(disposing);
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        var bytes = Math.Min(AzureMediaStore.BlockBytes, length - _position);
        var options = new BlobDownloadOptions { Range = new HttpRange(_position, bytes), Conditions = new BlobRequestConditions { IfMatch = etag } };
        var part = await blob.DownloadStreamingAsync(options, cancellation);
        _partEnd = _position + bytes;
        return part.Value.Content;
    }

    private void EndPart()
    {
        _part?.Dispose();
        _part = null;
    }
}
