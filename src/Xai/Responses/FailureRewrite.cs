using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Streaming;

namespace LlmTr.Xai.Responses;

/// <summary>
/// Shows a response that tells of an error, with the public model id and without what is not the customer's to see: ids and keys in the error's texts (xAI contract, end of
/// section 1.4). Only the texts that need it are replaced; every other byte stays, also an id that the customer wrote himself and xAI echoes.
/// </summary>
public static class FailureRewrite
{
    /// <summary>Writes a JSON body.</summary>
    /// <param name="json">A body that <see cref="ResponseReading.TryReadBody"/> has read.</param>
    /// <param name="publicId">The public id.</param>
    /// <param name="output">Where the body goes.</param>
    /// <exception cref="JsonException">It is no whole JSON object.</exception>
    public static void WriteBody(ReadOnlySpan<byte> json, JsonEncodedText publicId, IBufferWriter<byte> output)
    {
        var written = 0;
        foreach (var change in Changes(json, publicId))
        {
            output.Write(json[written..(change.Text.Start + 1)]);
            output.Write(change.To.EncodedUtf8Bytes);
            written = change.Text.End - 1;
        }

        output.Write(json[written..]);
    }

    /// <summary>Writes a frame. Data of several lines is no hindrance: a text cannot reach over a line end.</summary>
    /// <param name="frame">A frame that <see cref="ResponseReading.TryReadFrame"/> has read.</param>
    /// <param name="publicId">The public id.</param>
    /// <param name="output">Where the frame goes.</param>
    /// <exception cref="JsonException">Its data is no whole JSON object.</exception>
    public static void WriteFrame(in SseFrame frame, JsonEncodedText publicId, IBufferWriter<byte> output)
    {
        using var data = frame.ReadData();
        var written = 0;
        foreach (var change in Changes(data.Span, publicId))
        {
            var start = frame.OffsetInFrame(change.Text.Start);
            output.Write(frame.Bytes[written..(start + 1)]);
            output.Write(change.To.EncodedUtf8Bytes);
            written = start + change.Text.Length - 1;
        }

        output.Write(frame.Bytes[written..]);
    }

    private static List<Change> Changes(ReadOnlySpan<byte> json, JsonEncodedText publicId)
    {
        var changes = new List<Change>();
        var reader = JsonPass.Over(json);
        reader.Read();
        InObject(ref reader, publicId, changes, holdsResponse: true);
        return changes;
    }

    // An error stands in the response, or beside it in the event; it is an object, a text, or a code and a message.
    private static void InObject(ref Utf8JsonReader reader, JsonEncodedText publicId, List<Change> changes, bool holdsResponse)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = reader.IsNamed("model"u8);
            var isResponse = holdsResponse && reader.IsNamed("response"u8);
            var tells = reader.IsNamed("error"u8) || reader.IsNamed("message"u8) || reader.IsNamed("code"u8);
            reader.Read();
            if (tells)
                Clean(ref reader, changes);
            else if (isModel && reader.TokenType == JsonTokenType.String)
                changes.Add(new Change(SpanOf(reader), publicId));
            else if (isResponse && reader.TokenType == JsonTokenType.StartObject)
                InObject(ref reader, publicId, changes, holdsResponse: false);
            else
                reader.Skip();
        }
    }

    /// <summary>Notes every text of a value, however deep, that may not be shown as it is.</summary>
    private static void Clean(ref Utf8JsonReader reader, List<Change> changes)
    {
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType != JsonTokenType.String)
                continue;
            var text = TextOf(reader);
            var shown = RefusalText.Clean(text) ?? "";
            if (shown != text)
                changes.Add(new Change(SpanOf(reader), JsonEncodedText.Encode(shown, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)));
        }
        while ((reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.Read());
    }

    // Of what is not valid Unicode nothing is shown.
    private static string? TextOf(in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonSpan SpanOf(in Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        return new JsonSpan(start, (int)reader.BytesConsumed - start);
    }

    /// <summary>A text, with its quotes, and what takes its place between them.</summary>
    private readonly record struct Change(JsonSpan Text, JsonEncodedText To);
}
