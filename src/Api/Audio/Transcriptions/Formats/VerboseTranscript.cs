using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmTr.Xai.Audio;

namespace LlmTr.Api.Audio.Transcriptions.Formats;

/// <summary>
/// OpenAI's <c>verbose_json</c>, with segments and words whichever were asked for. The numbers that only OpenAI's own model has (tokens, probabilities) are zero or empty: clients
/// insist on their being there, and xAI tells none.
/// </summary>
internal static class VerboseTranscript
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it.</summary>
    public static void Write(SpokenTranscript transcript, AudioLength length, ReadOnlySpan<byte> usage, IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer, Options);
        json.WriteStartObject();
        json.WriteString("task"u8, "transcribe"u8);
        json.WriteString("language"u8, transcript.Language);
        WriteSeconds(json, "duration", length);
        json.WriteString("text"u8, transcript.Text);
        WriteSegments(json, transcript, length);
        json.WriteStartArray("words"u8);
        foreach (var word in transcript.Words)
        {
            json.WriteStartObject();
            json.WriteString("word"u8, word.Text);
            WriteSeconds(json, "start", word.Start);
            WriteSeconds(json, "end", word.End);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("usage"u8);
        json.WriteRawValue(usage);
        json.WriteEndObject();
    }

    private static void WriteSegments(Utf8JsonWriter json, SpokenTranscript transcript, AudioLength length)
    {
        json.WriteStartArray("segments"u8);
        var id = 0;
        foreach (var cue in Cue.Of(transcript, length))
        {
            json.WriteStartObject();
            json.WriteNumber("id"u8, id++);
            json.WriteNumber("seek"u8, 0);
            WriteSeconds(json, "start", cue.Start);
            WriteSeconds(json, "end", cue.End);
            json.WriteString("text"u8, cue.Text);
            json.WriteStartArray("tokens"u8);
            json.WriteEndArray();
            json.WriteNumber("temperature"u8, 0);
            json.WriteNumber("avg_logprob"u8, 0);
            json.WriteNumber("compression_ratio"u8, 0);
            json.WriteNumber("no_speech_prob"u8, 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, AudioLength length)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(length.ToSecondsString());
    }
}
