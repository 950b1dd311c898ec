using System.Buffers;

namespace LlmTr.Xai.Wire;

/// <summary>How the reading of a body ended.</summary>
public enum BodyEnd
{
    /// <summary>The body came to its end. Where neither a length nor chunks mark that end, a lost connection looks the same.</summary>
    Complete,

    /// <summary>The body has more bytes than allowed; the rest was not read.</summary>
    TooLarge,

    /// <summary>The connection was lost, or its framing broke, before the body's end.</summary>
    Cut,

    /// <summary>The caller's token was cancelled.</summary>
    Aborted,
}

/// <summary>
/// A body read into pooled memory, or as much of it as came: losing the connection is an ending, not an exception. Dispose it to give the memory back;
/// nothing cut from <see cref="Memory"/> may be used after that.
/// </summary>
public sealed class BoundedBody : IDisposable
{
    // A typical answer fits, so that most bodies are read without growing.
    private const int FirstBufferBytes = 16 * 1024;

    private byte[]? _buffer;
    private int _length;

    private BoundedBody() => _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);

    /// <summary>What came, never more than the limit.</summary>
    /// <exception cref="ObjectDisposedException">The body has been disposed of.</exception>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(0, _length);
        }
    }

    /// <summary>How the reading ended.</summary>
    public BodyEnd End { get; private set; }

    /// <summary>The exception behind <see cref="BodyEnd.Cut"/>, for logs; else null.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Reads a body to its end, to the limit, or to where it breaks off.</summary>
    /// <param name="stream">The body; not disposed.</param>
    /// <param name="limitBytes">The most bytes to take, at least 1.</param>
    /// <param name="abort">Ends the reading; what came until then is kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public static async Task<BoundedBody> ReadAsync(Stream stream, int limitBytes, CancellationToken abort)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limitBytes, 1);
        var body = new BoundedBody();
        try
        {
            body.End = await body.FillAsync(stream, limitBytes, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            body.End = BodyEnd.Aborted;
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            body.End = BodyEnd.Cut;
            body.Error = error;
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return body;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private async Task<BodyEnd> FillAsync(Stream stream, int limitBytes, CancellationToken abort)
    {
        while (true)
        {
            // One byte beyond the limit tells a body that just fits from one that does not.
            var wanted = Math.Min(_buffer!.Length, limitBytes + 1L);
            var read = await stream.ReadAsync(_buffer.AsMemory(_length, (int)wanted - _length), abort);
            if (read == 0)
                return BodyEnd.Complete;

            if (_length + read > limitBytes)
            {
                _length = limitBytes;
                return BodyEnd.TooLarge;
            }

            _length += read;
            if (_length == _buffer.Length)
                Grow();
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, 2L * _buffer!.Length));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
