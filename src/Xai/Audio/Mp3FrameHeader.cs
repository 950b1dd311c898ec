namespace LlmTr.Xai.Audio;

/// <summary>The four bytes before each piece of an mp3 file (ISO 11172-3 and 13818-3, layer III).</summary>
/// <param name="Bytes">The frame's size, header included.</param>
/// <param name="Samples">Samples per channel that it decodes to.</param>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="BitRate">Bits a second.</param>
/// <param name="SideBytes">Bytes between the header and the frame's data, where a Xing header stands.</param>
internal readonly record struct Mp3FrameHeader(int Bytes, int Samples, int SampleRate, int BitRate, int SideBytes)
{
    private static ReadOnlySpan<short> KilobitsOfVersion1 => [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

    private static ReadOnlySpan<short> KilobitsOfVersion2 => [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    private static ReadOnlySpan<int> RatesOfVersion1 => [44100, 48000, 32000];

    /// <summary>Reads one; false where there is none, also for layers I and II, for the free bit rate and for AAC, whose frames begin alike.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Mp3FrameHeader header)
    {
        header = default;
        if (bytes.Length < 4 || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0)
            return false;

        const int version25 = 0, reserved = 1, version1 = 3, layer3 = 1;
        var version = (bytes[1] >> 3) & 3;
        var kilobits = bytes[2] >> 4;
        var rate = (bytes[2] >> 2) & 3;
        if (version == reserved || ((bytes[1] >> 1) & 3) != layer3 || kilobits is 0 or 15 || rate == 3)
            return false;

        var isMono = bytes[3] >> 6 == 3;
        var sampleRate = RatesOfVersion1[rate] >> (version == version1 ? 0 : version == version25 ? 2 : 1);
        var bitRate = (version == version1 ? KilobitsOfVersion1 : KilobitsOfVersion2)[kilobits] * 1000;
        var samples = version == version1 ? 1152 : 576;
        var padding = (bytes[2] >> 1) & 1;
        var side = (version == version1, isMono) switch
        {
            (true, false) => 32,
            (true, true) or (false, false) => 17,
            (false, true) => 9,
        };
        header = new((samples / 8 * bitRate / sampleRate) + padding, samples, sampleRate, bitRate, side);
        return true;
    }
}
