namespace LlmTr.Xai.Streaming;

/// <summary>What a line of a frame is; other fields (<c>id</c>, <c>retry</c>, unknown ones) mean nothing to the gateway.</summary>
internal enum SseLineKind
{
    Blank,
    Comment,
    Event,
    Data,
    OtherField,
}

/// <summary>Walks over the lines of a frame in one piece, as the HTML standard's "event stream interpretation" reads them.</summary>
internal ref struct SseLines
{
    private readonly ReadOnlySpan<byte> _frame;
    private int _next;

    public SseLines(ReadOnlySpan<byte> frame)
    {
        _frame = frame;
        // Only the first frame of a stream can have a mark. Later ones are not told apart here: skipping it there too
        // could only make the gateway read a report that a client would not see.
        _next = frame.StartsWith(Utf8.ByteOrderMark) ? Utf8.ByteOrderMark.Length : 0;
    }

    /// <summary>What the current line is.</summary>
    public SseLineKind Kind { get; private set; }

    /// <summary>Where the value of the current field begins in the frame.</summary>
    public int ValueStart { get; private set; }

    /// <summary>How many bytes the value of the current field has.</summary>
    public int ValueLength { get; private set; }

    public readonly ReadOnlySpan<byte> Value => _frame.Slice(ValueStart, ValueLength);

    public bool MoveNext()
    {
        if (_next >= _frame.Length)
            return false;

        var start = _next;
        var length = _frame[start..].IndexOfAny((byte)'\r', (byte)'\n');
        if (length < 0)
        {
            length = _frame.Length - start;
            _next = _frame.Length;
        }
        else
        {
            _next = start + length + 1;
            if (_frame[start + length] == '\r' && _next < _frame.Length && _frame[_next] == '\n')
                _next++;
        }

        ReadField(start, length);
        return true;
    }

    private void ReadField(int start, int length)
    {
        var line = _frame.Slice(start, length);
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        Kind = line.IsEmpty ? SseLineKind.Blank
            : colon == 0 ? SseLineKind.Comment
            : name.SequenceEqual("data"u8) ? SseLineKind.Data
            : name.SequenceEqual("event"u8) ? SseLineKind.Event
            : SseLineKind.OtherField;

        var valueAt = colon < 0 ? length : colon + 1;
        if (valueAt < length && line[valueAt] == ' ')
            valueAt++;
        ValueStart = start + valueAt;
        ValueLength = length - valueAt;
    }
}
