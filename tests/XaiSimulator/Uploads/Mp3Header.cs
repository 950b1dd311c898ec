namespace LlmTr.XaiSimulator.Uploads;

/// <summary>The four bytes before each frame of MPEG audio layer III (ISO 11172-3 and 13818-3, and the 2.5 extension).</summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Samples">Samples of the frame.</param>
/// <param name="Bytes">Bytes of the frame, header included.</param>
internal readonly record struct Mp3Header(int SampleRate, int Samples, int Bytes)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 4;

    private static readonly int[] Mpeg1BitRates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] Mpeg2BitRates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] Mpeg1SampleRates = [44_100, 48_000, 32_000];

    /// <summary>Reads one; false where the bytes are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Mp3Header header)
    {
        header = default;
        var version = (bytes[1] >> 3) & 3;
        var layer = (bytes[1] >> 1) & 3;
        var bitRate = bytes[2] >> 4;
        var sampleRate = (bytes[2] >> 2) & 3;
        // Version 1 is reserved, layer 1 is layer III, a free bit rate has no length.
        if (bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0 || version == 1 || layer != 1 || bitRate is 0 or 15 || sampleRate == 3)
            return false;

        var isMpeg1 = version == 3;
        var rate = Mpeg1SampleRates[sampleRate] / (isMpeg1 ? 1 : version == 2 ? 2 : 4);
        var kilobits = (isMpeg1 ? Mpeg1BitRates : Mpeg2BitRates)[bitRate - 1];
        var padding = (bytes[2] >> 1) & 1;
        header = new Mp3Header(rate, isMpeg1 ? 1152 : 576, ((isMpeg1 ? 144_000 : 72_000) * kilobits / rate) + padding);
        return true;
    }

    /// <summary>The header of a mono frame without padding, at the highest bit rate of its version that is not above the given one.</summary>
    /// <param name="sampleRate">One of 8000, 16000, 22050, 24000, 32000, 44100 and 48000.</param>
    /// <param name="bitRate">Bits a second, at least 32000.</param>
    public static byte[] Write(int sampleRate, int bitRate)
    {
        var version = sampleRate >= 32_000 ? 3 : sampleRate >= 16_000 ? 2 : 0;
        var mpeg1Rate = sampleRate * (version == 3 ? 1 : version == 2 ? 2 : 4);
        var rates = version == 3 ? Mpeg1BitRates : Mpeg2BitRates;
        var bitRateIndex = Array.FindLastIndex(rates, rate => rate * 1000 <= bitRate) + 1;
        return [0xFF, (byte)(0xE3 | (version << 3)), (byte)((bitRateIndex << 4) | (Array.IndexOf(Mpeg1SampleRates, mpeg1Rate) << 2)), 0xC4];
    }
}
