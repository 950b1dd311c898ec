namespace LlmTr.Xai.Audio;

/// <summary>
/// A file of unknown content, read in pieces from wherever a header points to. It never reads beyond the file's end and never more than a fixed amount in
/// all: a header is the customer's and may point anywhere.
/// </summary>
internal sealed class AudioFile
{
    /// <summary>Bytes that are read of one file at most, whatever it holds. From the page cache that is a few milliseconds.</summary>
    public const int MostBytesRead = 16 * 1024 * 1024;

    private const int WindowBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _window = new byte[WindowBytes];
    private long _windowStart;
    private int _windowLength;

    /// <param name="stream">Can be read and sought; not disposed.</param>
    public AudioFile(Stream stream)
    {
        _stream = stream;
        Length = stream.Length;
        BytesLeft = MostBytesRead;
    }

    /// <summary>The file's size in bytes.</summary>
    public long Length { get; }

    /// <summary>How many bytes may still be read.</summary>
    public int BytesLeft { get; private set; }

    /// <summary>Some bytes from a place in the file, valid until the next call; fewer than asked for, or none, where the file or the allowance ends.</summary>
    /// <param name="position">Where, counted from the file's begin; anything.</param>
    /// <param name="count">How many, up to 4096.</param>
    public ReadOnlySpan<byte> At(long position, int count)
    {
        if (position < 0 || position >= Length)
            return [];
        count = (int)Math.Min(count, Length - position);
        if (position < _windowStart || position + count > _windowStart + _windowLength)
            Fill(position);
        var from = (int)(position - _windowStart);
        return from > _windowLength ? [] : _window.AsSpan(from, Math.Min(count, _windowLength - from));
    }

    private void Fill(long position)
    {
        _stream.Position = position;
        _windowStart = position;
        _windowLength = 0;
        while (_windowLength < _window.Length && BytesLeft > 0)
        {
            var read = _stream.Read(_window, _windowLength, Math.Min(_window.Length - _windowLength, BytesLeft));
            if (read == 0)
                return;
            _windowLength += read;
            BytesLeft -= read;
        }
    }
}
