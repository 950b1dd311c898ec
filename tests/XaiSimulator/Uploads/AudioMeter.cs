namespace LlmTr.XaiSimulator.Uploads;

/// <summary>Finds out from the first bytes what an audio file is, and how long it plays while the rest streams by.</summary>
internal sealed class AudioMeter
{
    private readonly byte[] _start = new byte[12];
    private int _have;
    private long _bytes;
    private string? _container;
    private HeaderWalker? _walker;

    /// <summary>The next bytes of the file.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _bytes += bytes.Length;
        if (_have < _start.Length)
        {
            var taken = Math.Min(_start.Length - _have, bytes.Length);
            bytes[..taken].CopyTo(_start.AsSpan(_have));
            _have += taken;
            bytes = bytes[taken..];
            if (_have < _start.Length)
                return;
            Recognise();
            _walker?.Add(_start);
        }

        _walker?.Add(bytes);
    }

    /// <summary>What the file was; to be asked once it is at its end.</summary>
    public Audio Result() => new(_container, _walker?.Milliseconds, _bytes);

    private void Recognise()
    {
        _container = ContainerOf(_start);
        _walker = _container switch
        {
            "wav" => new WavWalker(),
            "mp3" => new Mp3Walker(),
            _ => null,
        };
    }

    private static string? ContainerOf(ReadOnlySpan<byte> start) =>
        start.StartsWith("RIFF"u8) && start[8..].StartsWith("WAVE"u8) ? "wav"
        : start.StartsWith("OggS"u8) ? "ogg"
        : start.StartsWith("fLaC"u8) ? "flac"
        : start[4..].StartsWith("ftyp"u8) ? "mp4"
        : start.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) ? "mkv"
        : start.StartsWith("ID3"u8) ? "mp3"
        : start[0] == 0xFF && (start[1] & 0xF6) == 0xF0 ? "aac"
        : Mp3Header.TryRead(start[..4], out _) ? "mp3"
        : null;
}
