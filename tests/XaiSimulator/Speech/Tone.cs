using System.Buffers.Binary;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Speech;

/// <summary>A tone of a thirty-second of the sample rate, as bare samples.</summary>
/// <param name="period">The bytes of one period.</param>
/// <param name="samples">How many samples.</param>
internal sealed class Tone(byte[] period, long samples) : Content
{
    private const int PeriodSamples = 32;
    private const double Loudness = 8_000;

    /// <summary>16 bits a sample, little-endian.</summary>
    public static byte[] Pcm { get; } = [.. Samples().SelectMany(sample => new[] { (byte)sample, (byte)(sample >> 8) })];

    /// <summary>8 bits a sample by the mu-law of ITU-T G.711.</summary>
    public static byte[] Mulaw { get; } = [.. Samples().Select(ToMulaw)];

    /// <summary>8 bits a sample by the A-law of ITU-T G.711.</summary>
    public static byte[] Alaw { get; } = [.. Samples().Select(ToAlaw)];

    public override long Length => samples * (period.Length / PeriodSamples);

    public override void Read(long offset, Span<byte> into)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] = period[(offset + i) % period.Length];
    }

    private static IEnumerable<short> Samples() =>
        Enumerable.Range(0, PeriodSamples).Select(i => (short)(Loudness * Math.Sin(2 * Math.PI * i / PeriodSamples)));

    private static byte ToMulaw(short sample)
    {
        const int bias = 132;
        var magnitude = Math.Min(Math.Abs((int)sample) + bias, 32_767);
        var exponent = Math.Max(0, 31 - int.LeadingZeroCount(magnitude) - 7);
        var mantissa = (magnitude >> (exponent + 3)) & 15;
        return (byte)~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa);
    }

    private static byte ToAlaw(short sample)
    {
        // The law is written for 13 bits, in which the lowest negative value is one's complement.
        var magnitude = (sample >= 0 ? sample : ~sample) >> 4;
        var exponent = magnitude < 16 ? 0 : 31 - int.LeadingZeroCount(magnitude) - 3;
        var mantissa = exponent < 2 ? magnitude & 15 : (magnitude >> (exponent - 1)) & 15;
        return (byte)(((sample >= 0 ? 0x80 : 0) | (exponent << 4) | mantissa) ^ 0x55);
    }
}

/// <summary>Samples of 16 bits, mono, behind the header of a WAV file.</summary>
internal sealed class Wav : Content
{
    private const int HeaderSize = 44;

    private readonly byte[] _header = new byte[HeaderSize];
    private readonly Tone _samples;

    public Wav(Tone samples, int sampleRate)
    {
        _samples = samples;
        var header = _header.AsSpan();
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(samples.Length + HeaderSize - 8));
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], (uint)sampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], (uint)sampleRate * 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], (uint)samples.Length);
    }

    public override long Length => HeaderSize + _samples.Length;

    public override void Read(long offset, Span<byte> into)
    {
        if (offset < HeaderSize)
        {
            var head = (int)Math.Min(HeaderSize - offset, into.Length);
            _header.AsSpan((int)offset, head).CopyTo(into);
            offset += head;
            into = into[head..];
        }

        _samples.Read(offset - HeaderSize, into);
    }
}
