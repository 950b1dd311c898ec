using System.Buffers.Binary;

namespace LlmTr.Xai.Audio;

/// <summary>The length of a flac file: STREAMINFO, which always comes first, has the rate and the number of samples (RFC 9639, section 8.2).</summary>
internal static class FlacHeader
{
    public static AudioLength? ReadLength(AudioFile file)
    {
        const byte streamInfo = 0;
        var info = file.At(4, 4 + 34);
        if (info.Length < 38 || (info[0] & 0x7F) != streamInfo)
            return null;

        // 20 bits of rate, 3 of channels, 5 of width, 36 of samples; zero samples mean that nobody knew.
        var packed = BinaryPrimitives.ReadUInt64BigEndian(info[14..]);
        var sampleRate = (long)(packed >> 44);
        var samples = (long)(packed & 0xF_FFFF_FFFF);
        return sampleRate > 0 && samples > 0 ? AudioLength.Of(samples, sampleRate) : null;
    }
}
