using System.Text;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>What the tests send. Words in <c>[[sim:…]]</c> tell the simulated xAI how to behave.</summary>
internal static class Samples
{
    public const string CallsWeather = "What is the weather in Ankara? [[sim:call=weather]]";
    public const string SlowStream = "Hello [[sim:answer_bytes=500;pace_ms=5]]";
    public const string Slow = "Hello [[sim:delay_ms=2000]]";
    public const string BadGateway = "Hello [[sim:fault=bad-gateway]]";
    public const string CutAnswer = "Hello [[sim:cut=body;after=300]]";
    public const string CutStream = "Hello [[sim:cut=stream;after=8]]";
    public const string NoAnswer = "Hello [[sim:stall=before]]";
    public const string TooMany = "Hello [[sim:fault=rate]]";

    /// <summary>Less than <see cref="Slow"/> takes.</summary>
    public static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(700);

    /// <summary>What begins as a PNG: nobody here looks further.</summary>
    public static byte[] Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, .. Enumerable.Repeat((byte)1, 100)];

    /// <summary>Two seconds of silence: one channel, 8 kHz, 16 bits.</summary>
    public static MemoryStream Wave()
    {
        var samples = new byte[2 * 8000 * 2];
        var wave = new MemoryStream();
        using (var writer = new BinaryWriter(wave, Encoding.ASCII, leaveOpen: true))
        {
            writer.Write("RIFF"u8);
            writer.Write(36 + samples.Length);
            writer.Write("WAVEfmt "u8);
            writer.Write(16);
            writer.Write((short)1);
            writer.Write((short)1);
            writer.Write(8000);
            writer.Write(16000);
            writer.Write((short)2);
            writer.Write((short)16);
            writer.Write("data"u8);
            writer.Write(samples.Length);
            writer.Write(samples);
        }

        wave.Position = 0;
        return wave;
    }

    public static bool IsJpeg(this BinaryData file) => file.ToMemory().Span is [0xff, 0xd8, ..];
}
