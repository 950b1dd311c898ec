using System.Globalization;
using LlmTr.XaiSimulator.Uploads;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Transcription;

/// <summary>What a transcription asks of its form (xAI contract, section 7.2). The rules are documented, or follow from what is; none of the texts is known.</summary>
internal static class TranscriptionRules
{
    private const long MostBytes = 500L * 1024 * 1024;
    private const int MostKeyTerms = 100;
    private const int LongestKeyTerm = 50;

    /// <summary>Every field that xAI's reference knows.</summary>
    public static IReadOnlyList<string> KnownFields { get; } =
    [
        "file", "url", "model", "language", "format", "audio_format", "sample_rate", "multichannel", "channels", "diarize", "keyterm", "filler_words",
        "vad_threshold",
    ];

    /// <summary>The models, which need not be named; which one answers then is not known.</summary>
    public static IReadOnlyList<string> Models { get; } = ["grok-voice-transcribe-2.0", "grok-voice-transcribe-1.0", "grok-stt"];

    /// <summary>How long the file plays; null where the simulator cannot tell. Bare samples are 16 bits in pcm and 8 in the laws.</summary>
    public static long? Milliseconds(Upload form, Audio audio)
    {
        if (form.Field("audio_format") is not { } format || audio.Container is not null)
            return audio.Milliseconds;
        var channels = Number(form.Field("channels")) ?? 1;
        return Number(form.Field("sample_rate")) is { } rate and > 0 && channels > 0 ? audio.Bytes * 1000 / (rate * channels * (format == "pcm" ? 2 : 1)) : null;
    }

    /// <summary>The first rule that is broken, or null.</summary>
    public static Fault? Check(Upload form)
    {
        var files = form.Parts.Where(part => part.Name == "file").ToList();
        if ((files.Count == 1) == (form.Field("url") is not null))
            return Fault.InvalidArgument("Exactly one of file and url must be given");
        if (files.Count == 1 && form.Parts[^1] != files[0])
            return Fault.InvalidArgument("file must be the last part of the form");
        if (files.Count == 1 && files[0].Bytes > MostBytes)
            return Fault.ForStatus(413);
        if (files.Count == 1 && files[0].Bytes == 0)
            return Fault.InvalidArgument("The audio is empty");
        return CheckFormat(form) ?? CheckRest(form);
    }

    private static Fault? CheckFormat(Upload form)
    {
        // Documented of format "true"; that the field alone needs its language is the stricter reading.
        if (form.Field("format") is not null && form.Field("language") is null)
            return Fault.InvalidArgument("format needs language");
        if (form.Field("audio_format") is not { } raw)
            return null;
        if (raw is not ("pcm" or "mulaw" or "alaw"))
            return Fault.InvalidArgument("audio_format must be pcm, mulaw or alaw");
        if (form.Audio?.Container is { } container)
            return Fault.InvalidArgument($"audio_format is for raw audio, not for {container}");
        return Number(form.Field("sample_rate")) is null or 0 ? Fault.InvalidArgument("audio_format needs sample_rate") : null;
    }

    private static Fault? CheckRest(Upload form)
    {
        foreach (var name in new[] { "format", "multichannel", "diarize", "filler_words" })
        {
            if (form.Field(name) is not (null or "true" or "false"))
                return Fault.InvalidArgument($"{name} must be true or false");
        }

        if (form.Field("channels") is { } channels && Number(channels) is not (>= 2 and <= 8))
            return Fault.InvalidArgument("channels must be between 2 and 8");
        var terms = form.All("keyterm").ToList();
        // A term with a marker for the simulator in it may be longer: the marker is not there for xAI.
        return terms.Count > MostKeyTerms || terms.Exists(term => Control.PromptMarker.Strip(term).Length > LongestKeyTerm)
            ? Fault.InvalidArgument($"keyterm takes up to {MostKeyTerms} terms of up to {LongestKeyTerm} characters")
            : null;
    }

    private static long? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
