using System.Buffers;

namespace LlmTr.Xai.Streaming;

/// <summary>
/// Cuts a byte stream of server-sent events into whole frames, one at a time, without changing or copying a byte. One instance
/// belongs to one stream: it remembers how far it has looked, so that a large frame that arrives in small pieces is scanned once.
/// Lines may end in LF, CR or CRLF, mixed at will; a byte order mark at the start of the stream belongs to the first frame.
/// Where the bytes were split on their way makes no difference to the frames. Not thread-safe; allocates nothing per frame.
/// </summary>
public sealed class SseFraming
{
    /// <summary>The bound on a frame, in bytes, when none is given: 64 MiB, far above any answer of 128,000 tokens.</summary>
    public const int DefaultMaxFrameBytes = 64 * 1024 * 1024;

    private const byte Lf = (byte)'\n';
    private const byte Cr = (byte)'\r';

    private readonly int _maxFrameBytes;

    // Both count from the first byte that no frame has taken yet.
    private long _scanned;
    private long _lineStart;

    // The last byte scanned was a CR. Whether its line end is CR or CRLF is known only with the next byte.
    private bool _afterCr;
    private bool _lineIsBlank;
    private bool _inFirstLine = true;

    /// <summary>Starts a stream.</summary>
    /// <param name="maxFrameBytes">The most bytes a frame may have, its blank line included; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public SseFraming(int maxFrameBytes = DefaultMaxFrameBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFrameBytes, 1);
        _maxFrameBytes = maxFrameBytes;
    }

    /// <summary>
    /// Takes the next whole frame, with the blank line that ends it, off the front of <paramref name="buffer"/>.
    /// A frame that ends in a lone CR comes out only when the next byte, or <see cref="TryReadLast"/>, has shown that no LF follows.
    /// </summary>
    /// <param name="buffer">All bytes that arrived and that no frame has taken yet; what is left is to be passed again, with more after it.</param>
    /// <param name="frame">The frame, a slice of the buffer; valid as long as the buffer's memory is.</param>
    /// <returns>False when no whole frame is there yet; the buffer is then unchanged.</returns>
    /// <exception cref="SseFrameTooLargeException">The frame has more bytes than allowed, whether or not its end has come.</exception>
    /// <exception cref="ArgumentException">The buffer lacks bytes that were there in the last call.</exception>
    public bool TryReadFrame(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame)
    {
        if (buffer.Length < _scanned)
            throw new ArgumentException("The buffer must begin with the bytes that no frame has taken yet.", nameof(buffer));

        var isWhole = ScanToFrameEnd(buffer);
        if (_scanned > _maxFrameBytes)
            throw new SseFrameTooLargeException(_maxFrameBytes);

        frame = isWhole ? buffer.Slice(0, _scanned) : default;
        if (!isWhole)
            return false;

        buffer = buffer.Slice(_scanned);
        StartFrame();
        return true;
    }

    /// <summary>
    /// At the end of the stream, after <see cref="TryReadFrame"/> has said false: takes what is left as a last frame. A client drops a frame
    /// without its blank line, but what xAI reported in it is still a report.
    /// </summary>
    /// <param name="buffer">The bytes that no frame has taken; empty afterwards.</param>
    /// <param name="frame">All of them.</param>
    /// <param name="isWhole">True when a blank line ends the frame (one that ends in CR), false when the stream was cut within it.</param>
    /// <returns>False when nothing is left.</returns>
    public bool TryReadLast(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame, out bool isWhole)
    {
        frame = buffer;
        isWhole = _afterCr && _lineIsBlank;
        buffer = buffer.Slice(buffer.End);
        StartFrame();
        return !frame.IsEmpty;
    }

    private bool ScanToFrameEnd(in ReadOnlySequence<byte> buffer)
    {
        foreach (var memory in buffer.Slice(_scanned))
        {
            var rest = memory.Span;
            while (!rest.IsEmpty)
            {
                if (_afterCr)
                {
                    _afterCr = false;
                    if (rest[0] == Lf)
                    {
                        rest = rest[1..];
                        _scanned++;
                    }

                    if (_lineIsBlank)
                        return true;
                    _lineStart = _scanned;
                    continue;
                }

                var lineEnd = rest.IndexOfAny(Cr, Lf);
                if (lineEnd < 0)
                {
                    _scanned += rest.Length;
                    break;
                }

                _lineIsBlank = IsBlank(buffer, _scanned + lineEnd);
                _afterCr = rest[lineEnd] == Cr;
                _scanned += lineEnd + 1;
                rest = rest[(lineEnd + 1)..];
                if (_afterCr)
                    continue;
                if (_lineIsBlank)
                    return true;
                _lineStart = _scanned;
            }
        }

        return false;
    }

    private bool IsBlank(in ReadOnlySequence<byte> buffer, long lineEnd)
    {
        var mark = Utf8.ByteOrderMark;
        var isBareMark = _inFirstLine && lineEnd == mark.Length && StartsWith(buffer, mark);
        _inFirstLine = false;
        return lineEnd == _lineStart || isBareMark;
    }

    private static bool StartsWith(in ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> prefix)
    {
        Span<byte> start = stackalloc byte[prefix.Length];
        buffer.Slice(0, prefix.Length).CopyTo(start);
        return start.SequenceEqual(prefix);
    }

    private void StartFrame()
    {
        _scanned = 0;
        _lineStart = 0;
        _afterCr = false;
        _lineIsBlank = false;
    }
}
