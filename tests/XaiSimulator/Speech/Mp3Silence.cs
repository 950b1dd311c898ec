using System.Globalization;
using System.Text;
using LlmTr.XaiSimulator.Uploads;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Speech;

/// <summary>
/// Frames of MPEG audio layer III in which no sample is coded: header, side information of zeros, then bytes that every decoder passes over. There stand the
/// text's fingerprint and the frame's number, so that bytes that were lost, doubled or exchanged on their way are found out.
/// </summary>
internal sealed class Mp3Silence : Content
{
    private const int SideInformationMpeg1 = 17;
    private const int SideInformationMpeg2 = 9;
    private const int NumberDigits = 8;

    private readonly byte[] _frame;
    private readonly int _numberAt;
    private readonly long _frames;

    /// <param name="milliseconds">How long, rounded up to whole frames.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="bitRate">Bits a second; what the sample rate's version does not have is its next lower one (160,000 at most below 32 kHz).</param>
    /// <param name="fingerprint">Of the text.</param>
    public Mp3Silence(long milliseconds, int sampleRate, int bitRate, byte[] fingerprint)
    {
        var start = Mp3Header.Write(sampleRate, bitRate);
        Mp3Header.TryRead(start, out var header);
        _frame = new byte[header.Bytes];
        start.CopyTo(_frame, 0);
        var at = Mp3Header.Size + (sampleRate >= 32_000 ? SideInformationMpeg1 : SideInformationMpeg2);
        // As text, so that nothing in it can be taken for the start of a frame.
        var text = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(fingerprint));
        text.CopyTo(_frame, at);
        _numberAt = at + text.Length;
        _frames = ((milliseconds * sampleRate) + (header.Samples * 1000L) - 1) / (header.Samples * 1000L);
    }

    public override long Length => _frames * _frame.Length;

    public override void Read(long offset, Span<byte> into)
    {
        Span<byte> frame = stackalloc byte[_frame.Length];
        _frame.CopyTo(frame);
        while (!into.IsEmpty)
        {
            var (number, skip) = Math.DivRem(offset, _frame.Length);
            number.TryFormat(frame.Slice(_numberAt, NumberDigits), out _, "D8", CultureInfo.InvariantCulture);
            var taken = Math.Min(_frame.Length - (int)skip, into.Length);
            frame.Slice((int)skip, taken).CopyTo(into);
            into = into[taken..];
            offset += taken;
        }
    }
}
