namespace LlmTr.XaiSimulator.Uploads;

/// <summary>Walks from header to header through a file that streams by, whatever the sizes of the reads, and skips what lies between.</summary>
/// <param name="first">The bytes of the first header, at most 64.</param>
internal abstract class HeaderWalker(int first)
{
    /// <summary>The skip of what goes on to the end of the file.</summary>
    protected const long ToTheEnd = long.MaxValue;

    private readonly byte[] _header = new byte[64];
    private int _need = first;
    private int _have;

    /// <summary>How long it plays, as far as it was walked; null where no header told.</summary>
    public abstract long? Milliseconds { get; }

    /// <summary>How many bytes of the last skip have not come.</summary>
    protected long Missing { get; private set; }

    /// <summary>The next bytes of the file.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Missing > 0)
            {
                var skipped = (int)Math.Min(Missing, bytes.Length);
                Missing -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            var taken = Math.Min(_need - _have, bytes.Length);
            bytes[..taken].CopyTo(_header.AsSpan(_have));
            _have += taken;
            bytes = bytes[taken..];
            if (_have == _need)
                Step();
        }
    }

    /// <summary>Reads a header and tells how to go on.</summary>
    protected abstract Next Read(ReadOnlySpan<byte> header);

    private void Step()
    {
        var next = Read(_header.AsSpan(0, _need));
        _header.AsSpan(_need - next.Keep, next.Keep).CopyTo(_header);
        (_have, _need, Missing) = (next.Keep, next.Need, next.Skip);
    }

    /// <summary>How a walk goes on.</summary>
    /// <param name="Need">The bytes of the next header.</param>
    /// <param name="Skip">How many bytes lie before it.</param>
    /// <param name="Keep">How many of the bytes just read belong to it already.</param>
    protected readonly record struct Next(int Need, long Skip = 0, int Keep = 0);
}
