using System.Buffers.Binary;

namespace LlmTr.XaiSimulator.Uploads;

/// <summary>
/// The length of a WAV file: the bytes of its samples that are really there, by the bytes a second that its header gives. A header that promises more than
/// follows is not believed, and one that promises nothing (as streams write it) is taken as "to the end": this is what a decoder would hear.
/// </summary>
internal sealed class WavWalker() : HeaderWalker(RiffHeader)
{
    private const int RiffHeader = 12;
    private const int ChunkHeader = 8;
    private const int FormatChunk = 16;

    private long _bytesPerSecond;
    private long _promised = -1;
    private bool _inFormat;
    private bool _isPastRiff;
    private bool _isPastSamples;
    private long _samples;
    private long _formatRest;

    public override long? Milliseconds => _bytesPerSecond > 0 && _promised >= 0 ? Samples * 1000 / _bytesPerSecond : null;

    private long Samples => _isPastSamples ? _samples : _promised - Missing;

    protected override Next Read(ReadOnlySpan<byte> header)
    {
        if (!_isPastRiff)
        {
            _isPastRiff = true;
            return new Next(ChunkHeader);
        }

        if (_inFormat)
        {
            _inFormat = false;
            _bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
            return new Next(ChunkHeader, _formatRest);
        }

        if (_promised >= 0 && !_isPastSamples)
            (_isPastSamples, _samples) = (true, _promised);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var padded = size + (size & 1L);
        if (header.StartsWith("fmt "u8) && size >= FormatChunk)
        {
            (_inFormat, _formatRest) = (true, padded - FormatChunk);
            return new Next(FormatChunk);
        }

        if (!header.StartsWith("data"u8) || _isPastSamples)
            return new Next(ChunkHeader, padded);
        _promised = size is 0 or uint.MaxValue ? ToTheEnd : size;
        return new Next(ChunkHeader, _promised == ToTheEnd ? ToTheEnd : padded);
    }
}
