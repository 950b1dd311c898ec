using System.Text.Json;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Speech;

/// <summary>A request to speak (xAI contract, section 7.1). It has no model.</summary>
internal sealed record SpeechRequest
{
    /// <summary>Every member that xAI's reference knows.</summary>
    public static IReadOnlyList<string> KnownFields { get; } =
        ["text", "language", "voice_id", "output_format", "speed", "optimize_streaming_latency", "text_normalization", "replace", "with_timestamps"];

    public required string Text { get; init; }

    public required string Language { get; init; }

    public required string VoiceId { get; init; }

    public required string Codec { get; init; }

    public required long SampleRate { get; init; }

    /// <summary>Bits a second; null where the request says nothing.</summary>
    public required long? BitRate { get; init; }

    public required double Speed { get; init; }

    public required long Latency { get; init; }

    public required bool WithTimestamps { get; init; }

    /// <summary>How many characters are billed: Unicode scalar values. How xAI counts nobody knows (xAI contract, sections 7.1 and 11).</summary>
    public long Characters => Text.EnumerateRunes().Count();

    /// <summary>The voice that speaks. One that does not exist is replaced without a word: seen on a sister route, and the worse of two guesses for this one.</summary>
    public string Voice => Voices.Find(VoiceId) ?? Voices.Usual;

    /// <summary>Reads a request.</summary>
    public static SpeechRequest Read(JsonElement root, Types types)
    {
        var format = types.Object(root, "output_format");
        types.Flag(root, "text_normalization");
        types.Object(root, "replace");
        return new SpeechRequest
        {
            Text = types.RequiredText(root, "text"),
            Language = types.RequiredText(root, "language"),
            VoiceId = types.Text(root, "voice_id") ?? Voices.Usual,
            Codec = format is { } given ? ReadCodec(given, types) : "mp3",
            SampleRate = (format is { } rated ? types.Count(rated, "sample_rate") : null) ?? 24_000,
            BitRate = format is { } sized ? types.Count(sized, "bit_rate") : null,
            Speed = types.Number(root, "speed") ?? 1,
            Latency = types.Count(root, "optimize_streaming_latency") ?? 0,
            WithTimestamps = types.Flag(root, "with_timestamps") ?? false,
        };
    }

    private static string ReadCodec(JsonElement format, Types types)
    {
        types.RequiredText(format, "codec");
        return types.Word(format, "codec", "mp3", "wav", "pcm", "mulaw", "alaw") ?? "";
    }
}
