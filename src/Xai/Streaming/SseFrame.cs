using System.Buffers;

namespace LlmTr.Xai.Streaming;

/// <summary>
/// One frame of a stream, read in place: nothing is copied or allocated, so it lives no longer than the bytes it was read from.
/// </summary>
public readonly ref struct SseFrame
{
    private readonly int _eventStart;
    private readonly int _eventLength;
    private readonly int _dataStart;
    private readonly int _dataLength;

    /// <summary>Reads a frame that lies in one piece (see <see cref="ContiguousBytes"/>). Every sequence of bytes is some frame; nothing is thrown.</summary>
    /// <param name="frame">The frame with its blank line, as <see cref="SseFraming"/> cut it; the last one of a stream may lack it.</param>
    public SseFrame(ReadOnlySpan<byte> frame)
    {
        Bytes = frame;
        var hasField = false;
        var lines = new SseLines(frame);
        while (lines.MoveNext())
        {
            hasField |= lines.Kind is not (SseLineKind.Blank or SseLineKind.Comment);
            if (lines.Kind == SseLineKind.Event)
            {
                _eventStart = lines.ValueStart;
                _eventLength = lines.ValueLength;
            }
            else if (lines.Kind == SseLineKind.Data)
            {
                if (DataLineCount == 0)
                    _dataStart = lines.ValueStart;
                else
                    _dataLength++;
                _dataLength += lines.ValueLength;
                DataLineCount++;
            }
        }

        Kind = hasField ? SseFrameClassification.Of(this) : SseFrameKind.Comment;
    }

    /// <summary>The frame's own bytes, all of them.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>What the frame means.</summary>
    public SseFrameKind Kind { get; }

    /// <summary>True for the events after which xAI reports nothing more: completed, incomplete, failed and error. <c>[DONE]</c> reports nothing and is not one.</summary>
    public bool IsTerminal => Kind is SseFrameKind.Completed or SseFrameKind.Incomplete or SseFrameKind.Failed or SseFrameKind.Error;

    /// <summary>The value of the (last) <c>event:</c> line; empty without one.</summary>
    public ReadOnlySpan<byte> EventName => Bytes.Slice(_eventStart, _eventLength);

    /// <summary>The number of <c>data:</c> lines. xAI sends one; more are allowed.</summary>
    public int DataLineCount { get; }

    /// <summary>The number of bytes of the data, with the LF between the values of two lines counted.</summary>
    public int DataLength => _dataLength;

    /// <summary>
    /// The data: the value of the one <c>data:</c> line, lent, or the values of many lines joined by LF, in a pooled copy. Dispose it.
    /// </summary>
    public ContiguousBytes ReadData()
    {
        if (DataLineCount <= 1)
            return new ContiguousBytes(Bytes.Slice(_dataStart, _dataLength));

        var joined = ArrayPool<byte>.Shared.Rent(_dataLength);
        var written = 0;
        var lines = new SseLines(Bytes);
        while (lines.MoveNext())
        {
            if (lines.Kind != SseLineKind.Data)
                continue;
            if (written > 0 || lines.ValueStart != _dataStart)
                joined[written++] = (byte)'\n';
            lines.Value.CopyTo(joined.AsSpan(written));
            written += lines.ValueLength;
        }

        return new ContiguousBytes(joined, written);
    }

    /// <summary>Where the byte at <paramref name="dataOffset"/> of the data stands in <see cref="Bytes"/>.</summary>
    /// <param name="dataOffset">An offset into what <see cref="ReadData"/> gives, of a byte of some line, not of an LF between two lines.</param>
    /// <exception cref="ArgumentOutOfRangeException">The data has no such byte, or it stands between two lines.</exception>
    public int OffsetInFrame(int dataOffset)
    {
        var offset = dataOffset;
        var lines = new SseLines(Bytes);
        while (offset >= 0 && lines.MoveNext())
        {
            if (lines.Kind != SseLineKind.Data)
                continue;
            if (offset < lines.ValueLength)
                return lines.ValueStart + offset;
            offset -= lines.ValueLength + 1;
        }

        throw new ArgumentOutOfRangeException(nameof(dataOffset), dataOffset, "The data of this frame has no line with a byte there.");
    }

    /// <summary>
    /// The number of UTF-8 bytes of the text in <c>delta</c>, escapes resolved; 0 in any frame but a <see cref="SseFrameKind.Delta"/>, and where
    /// <c>delta</c> is no string. It measures what came of an answer whose cost was never reported.
    /// </summary>
    public int DeltaTextBytes
    {
        get
        {
            if (Kind != SseFrameKind.Delta)
                return 0;
            using var data = ReadData();
            return EventData.DeltaTextBytes(data.Span);
        }
    }
}
