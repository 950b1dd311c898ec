using System.Buffers.Binary;

namespace LlmTr.Xai.Audio;

/// <summary>
/// The length of a RIFF or RF64 wave file: the bytes of its <c>data</c> chunk by the bytes of a second.
/// <code>
/// "RIFF" size "WAVE" │ "fmt " size … │ any others │ "data" size samples… │ any others
/// </code>
/// </summary>
internal static class WavHeader
{
    private const int MostChunks = 256;

    // Beside the samples an honest file has names and comments.
    private const long MostBytesBehind = 64 * 1024;

    public static AudioLength? ReadLength(AudioFile file)
    {
        long? bytesPerSecond = null;
        var position = 12L;
        for (var chunk = 0; chunk < MostChunks; chunk++)
        {
            var head = file.At(position, 8);
            if (head.Length < 8)
                return null;
            var size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            var body = position + 8;
            if (head.StartsWith("data"u8))
                return bytesPerSecond is { } rate ? AudioLength.Of(SampleBytes(file, body, size), rate) : null;
            if (head.StartsWith("fmt "u8) && (bytesPerSecond = BytesPerSecond(file.At(body, 16))) is null)
                return null;

            // Chunks begin at even places.
            position = body + size + (size & 1);
        }

        return null;
    }

    private static long? BytesPerSecond(ReadOnlySpan<byte> format)
    {
        if (format.Length < 16)
            return null;
        var encoding = BinaryPrimitives.ReadUInt16LittleEndian(format);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var sampleRate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);

        // Only where samples have a fixed width does the rate follow from them. The rate that is stated beside it is left alone: ffmpeg itself writes a wrong one for ADPCM.
        const ushort pcm = 1, floatingPoint = 3, alaw = 6, mulaw = 7, extensible = 0xFFFE;
        var rate = encoding is pcm or floatingPoint or alaw or mulaw or extensible ? (long)sampleRate * channels * ((bits + 7) / 8) : 0;
        return rate > 0 ? rate : null;
    }

    /// <summary>
    /// The size that the chunk claims, where the file bears it out. A stream's header was written before its end was known (size 0 or all ones), RF64 keeps the
    /// true size elsewhere, and a small size in front of a large rest is contradicted by the rest: then all that follows counts.
    /// </summary>
    private static long SampleBytes(AudioFile file, long body, uint claimed)
    {
        var there = Math.Max(0, file.Length - body);
        return claimed > there || there - claimed > Math.Max(MostBytesBehind, claimed / 16) || claimed == 0 ? there : claimed;
    }
}
