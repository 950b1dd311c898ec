using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LlmTr.Xai.Audio;

namespace LlmTr.Api.Audio.Transcriptions.Formats;

/// <summary>Writes a transcript in the formats that OpenAI's clients ask for. Pure.</summary>
internal static class WrittenTranscript
{
    /// <summary>The media type of a format.</summary>
    public static string ContentTypeOf(TranscriptFormat format) => format switch
    {
        TranscriptFormat.Text or TranscriptFormat.Srt => "text/plain; charset=utf-8",
        TranscriptFormat.Vtt => "text/vtt; charset=utf-8",
        _ => "application/json",
    };

    /// <summary>Writes one of the formats that are made here; <see cref="TranscriptFormat.Json"/> is not.</summary>
    /// <param name="format">Which.</param>
    /// <param name="transcript">What was said.</param>
    /// <param name="length">Of the audio.</param>
    /// <param name="usage">The value of <c>usage</c>, JSON.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(TranscriptFormat format, SpokenTranscript transcript, AudioLength length, ReadOnlySpan<byte> usage, IBufferWriter<byte> writer)
    {
        switch (format)
        {
            case TranscriptFormat.Text:
                Encoding.UTF8.GetBytes(transcript.Text + "\n", writer);
                break;
            case TranscriptFormat.Srt:
                Encoding.UTF8.GetBytes(Srt(Cue.Of(transcript, length)), writer);
                break;
            case TranscriptFormat.Vtt:
                Encoding.UTF8.GetBytes(Vtt(Cue.Of(transcript, length)), writer);
                break;
            case TranscriptFormat.VerboseJson:
                VerboseTranscript.Write(transcript, length, usage, writer);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "This format is xAI's own.");
        }
    }

    private static string Srt(ImmutableArray<Cue> cues)
    {
        var text = new StringBuilder();
        for (var i = 0; i < cues.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}\n{Time(cues[i].Start, ',')} --> {Time(cues[i].End, ',')}\n{cues[i].Text}\n\n");
        return text.ToString();
    }

    private static string Vtt(ImmutableArray<Cue> cues)
    {
        var text = new StringBuilder("WEBVTT\n\n");
        foreach (var cue in cues)
            text.Append(CultureInfo.InvariantCulture, $"{Time(cue.Start, '.')} --> {Time(cue.End, '.')}\n{Escaped(cue.Text)}\n\n");
        return text.ToString();
    }

    // What would be markup, and the arrow, which no cue may hold.
    private static string Escaped(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Time(AudioLength at, char decimals)
    {
        var milliseconds = at.Nanoseconds / 1_000_000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{milliseconds / 3_600_000:D2}:{milliseconds / 60_000 % 60:D2}:{milliseconds / 1000 % 60:D2}{decimals}{milliseconds % 1000:D3}");
    }
}
