using System.Buffers;
using System.Text.Json;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Audio;

/// <summary>What the gateway learns from a transcript (xAI contract, section 7.2) in one pass, and how it is passed on.</summary>
public readonly record struct TranscriptReading
{
    /// <summary>True when it has the text that every transcript has.</summary>
    public bool IsTranscript { get; private init; }

    /// <summary>True when this is an error in place of a transcript (xAI contract, section 1.3).</summary>
    public bool IsErrorEnvelope => HasError && !IsTranscript;

    /// <summary>The length that xAI heard; null where it is missing or no number from zero on.</summary>
    public AudioLength? Duration { get; private init; }

    /// <summary>Where the last word ends; zero without words.</summary>
    public AudioLength LastWordEnd { get; private init; }

    /// <summary>Tokens and cost. No answer with them has been seen; if one comes, its cost is what was billed.</summary>
    public ReportedUsage Usage { get; private init; }

    private bool HasError { get; init; }

    /// <summary>Reads a whole body. Of a member that comes twice the last one counts.</summary>
    /// <returns>False when this is not one whole JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out TranscriptReading reading)
    {
        reading = default;
        try
        {
            var reader = JsonPass.Over(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            var transcript = default(TranscriptReading);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                transcript = ReadMember(ref reader, transcript);

            // Nothing may follow; the reader throws if something does.
            if (reader.Read())
                return false;
            reading = transcript;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>
    /// Writes xAI's transcript for a customer: as it came, but with our usage in place of any other, and in each word <c>word</c> beside <c>text</c>.
    /// </summary>
    /// <param name="json">The transcript, which <see cref="TryRead"/> has read.</param>
    /// <param name="usage">The value of <c>usage</c>, JSON.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(ReadOnlySpan<byte> json, ReadOnlySpan<byte> usage, IBufferWriter<byte> writer)
    {
        var reader = JsonPass.Over(json);
        reader.Read();
        writer.Write("{"u8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isUsage = reader.IsNamed("usage"u8);
            var isWords = reader.IsNamed("words"u8);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            if (isWords && reader.TokenType == JsonTokenType.StartArray)
            {
                writer.Write(json[start..value]);
                WriteWords(json, ref reader, writer);
            }
            else
            {
                reader.Skip();
                if (isUsage)
                    continue;
                writer.Write(json[start..(int)reader.BytesConsumed]);
            }

            writer.Write(","u8);
        }

        writer.Write("\"usage\":"u8);
        writer.Write(usage);
        writer.Write("}"u8);
    }

    private static TranscriptReading ReadMember(ref Utf8JsonReader reader, in TranscriptReading transcript)
    {
        if (reader.IsNamed("usage"u8))
        {
            reader.Read();
            return transcript with { Usage = ReportedUsage.Read(ref reader) };
        }

        if (reader.IsNamed("words"u8))
        {
            reader.Read();
            return transcript with { LastWordEnd = ReadLastEnd(ref reader) };
        }

        var isText = reader.IsNamed("text"u8);
        var isDuration = reader.IsNamed("duration"u8);
        var isError = reader.IsNamed("error"u8) || reader.IsNamed("code"u8);
        reader.Read();
        var read = transcript;
        if (isText)
            read = transcript with { IsTranscript = reader.TokenType == JsonTokenType.String };
        else if (isDuration)
            read = transcript with { Duration = ReadSeconds(reader) };
        else if (isError && reader.TokenType != JsonTokenType.Null)
            read = transcript with { HasError = true };
        reader.Skip();
        return read;
    }

    private static AudioLength? ReadSeconds(in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && AudioLength.TryParseSeconds(reader.ValueSpan, out var length) ? length : null;

    private static AudioLength ReadLastEnd(ref Utf8JsonReader reader)
    {
        var last = AudioLength.Zero;
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            return last;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.IsNamed("end"u8))
                continue;
            reader.Read();
            last = ReadSeconds(reader) is { } end ? AudioLength.Max(last, end) : last;
        }

        return last;
    }

    private static void WriteWords(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, IBufferWriter<byte> writer)
    {
        writer.Write("["u8);
        for (var isFirst = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; isFirst = false)
        {
            if (!isFirst)
                writer.Write(","u8);
            var start = (int)reader.TokenStartIndex;
            var text = TextOf(json, ref reader);
            if (!text.IsEmpty)
            {
                writer.Write("{\"word\":"u8);
                writer.Write(text);
                writer.Write(","u8);
                start++;
            }

            writer.Write(json[start..(int)reader.BytesConsumed]);
        }

        writer.Write("]"u8);
    }

    /// <summary>Goes to the end of a word; gives its text as it stands in the JSON, or nothing where it has none or has a <c>word</c> already.</summary>
    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> text = default;
        var hasWord = false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return text;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.IsNamed("text"u8);
            hasWord |= reader.IsNamed("word"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isString = reader.TokenType == JsonTokenType.String;
            reader.Skip();
            if (isText && isString)
                text = json[start..(int)reader.BytesConsumed];
        }

        return hasWord ? default : text;
    }
}
