namespace LlmTr.XaiSimulator.Uploads;

/// <summary>The length of an MP3 file: the sum of its frames, from header to header, past a tag at its start and past garbage between them.</summary>
internal sealed class Mp3Walker() : HeaderWalker(Mp3Header.Size)
{
    private const int TagRest = 6;

    // A unit of which every sample rate has a whole number in each sample.
    private const long FlicksPerSecond = 705_600_000;

    private long _flicks;
    private bool _inTag;

    public override long? Milliseconds => _flicks > 0 ? _flicks * 1000 / FlicksPerSecond : null;

    protected override Next Read(ReadOnlySpan<byte> header)
    {
        if (_inTag)
        {
            _inTag = false;
            // Seven bits in each byte, so that no byte looks like a frame.
            var size = (header[2] << 21) | (header[3] << 14) | (header[4] << 7) | header[5];
            var footer = (header[1] & 0x10) != 0 ? 10 : 0;
            return new Next(Mp3Header.Size, size + footer);
        }

        if (header.StartsWith("ID3"u8))
        {
            _inTag = true;
            return new Next(TagRest);
        }

        if (!Mp3Header.TryRead(header, out var frame))
            return new Next(Mp3Header.Size, 0, Mp3Header.Size - 1);
        _flicks += frame.Samples * (FlicksPerSecond / frame.SampleRate);
        return new Next(Mp3Header.Size, frame.Bytes - Mp3Header.Size);
    }
}
