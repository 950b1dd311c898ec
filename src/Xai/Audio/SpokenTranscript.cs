using System.Collections.Immutable;
using System.Text.Json;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Audio;

/// <summary>A transcript's text and words (xAI contract, section 7.2), for answers that are written anew. What xAI leaves out is empty or zero.</summary>
/// <param name="Text">All that was said.</param>
/// <param name="Language">As xAI writes it.</param>
/// <param name="Words">In the order of the audio. Each begins no earlier than the one before it, and ends no earlier than it begins.</param>
public sealed record SpokenTranscript(string Text, string Language, ImmutableArray<SpokenWord> Words)
{
    /// <summary>Reads a transcript that <see cref="TranscriptReading.TryRead"/> has read.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static SpokenTranscript Read(ReadOnlySpan<byte> json)
    {
        var (text, language) = ("", "");
        var words = ImmutableArray.CreateBuilder<SpokenWord>();
        var reader = JsonPass.Over(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.IsNamed("text"u8);
            var isLanguage = reader.IsNamed("language"u8);
            var isWords = reader.IsNamed("words"u8);
            reader.Read();
            if (isText)
                text = TextOf(reader);
            else if (isLanguage)
                language = TextOf(reader);
            if (isWords && reader.TokenType == JsonTokenType.StartArray)
                ReadWords(ref reader, words);
            else
                reader.Skip();
        }

        return new SpokenTranscript(text, language, words.ToImmutable());
    }

    private static void ReadWords(ref Utf8JsonReader reader, ImmutableArray<SpokenWord>.Builder words)
    {
        words.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var text = "";
            AudioLength? start = null, end = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isText = reader.IsNamed("text"u8);
                var isStart = reader.IsNamed("start"u8);
                var isEnd = reader.IsNamed("end"u8);
                reader.Read();
                if (isText)
                    text = TextOf(reader);
                else if (isStart)
                    start = SecondsOf(reader);
                else if (isEnd)
                    end = SecondsOf(reader);
                reader.Skip();
            }

            if (text.Length == 0)
                continue;
            var before = words.Count > 0 ? words[^1] : default;
            var from = AudioLength.Max(start ?? before.End, before.Start);
            words.Add(new SpokenWord(text, from, AudioLength.Max(end ?? from, from)));
        }
    }

    private static AudioLength? SecondsOf(in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && AudioLength.TryParseSeconds(reader.ValueSpan, out var length) ? length : null;

    private static string TextOf(in Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
            return "\uFFFD";
        }
    }
}

/// <summary>A word of a transcript.</summary>
/// <param name="Text">With the marks that belong to it; not empty.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
public readonly record struct SpokenWord(string Text, AudioLength Start, AudioLength End);
