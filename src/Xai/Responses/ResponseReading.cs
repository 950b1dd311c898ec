using System.Text.Json;
using LlmTr.Xai.Streaming;

namespace LlmTr.Xai.Responses;

/// <summary>
/// What the gateway learns from a response object in one pass, without building it: a JSON body, or the <c>response</c> in an event of a stream.
/// Only the object's own members count; a <c>model</c> or <c>usage</c> deeper inside (in tools, metadata, schemas, output) does not. Of a member
/// that comes twice the last one counts, because that is the one which customary JSON parsers, the customer's too, keep.
/// </summary>
public readonly record struct ResponseReading
{
    /// <summary>Where the value of <c>model</c> stands in the JSON that was read; not present when it is missing or no string.</summary>
    public JsonSpan Model { get; private init; }

    /// <summary>The response's status.</summary>
    public ResponseStatus Status { get; private init; }

    /// <summary>Why it is incomplete, if it says so.</summary>
    public IncompleteReason IncompleteReason { get; private init; }

    /// <summary>Tokens and cost.</summary>
    public ReportedUsage Usage { get; private init; }

    /// <summary>
    /// True when this is no response but an error in its place (xAI contract, section 1.3): it has an <c>error</c> or a <c>code</c>, and its
    /// <c>object</c> is not <c>response</c>. A response whose status is failed also has an <c>error</c>, but is still a response.
    /// </summary>
    public bool IsErrorEnvelope => HasError && !IsResponseObject;

    /// <summary>True when it has an <c>error</c> or a <c>code</c> that is not null: its texts are xAI's and may hold what is not the customer's to see.</summary>
    public bool HasError { get; private init; }

    private bool IsResponseObject { get; init; }

    /// <summary>Reads a whole JSON body.</summary>
    /// <param name="json">The body, UTF-8.</param>
    /// <param name="reading">What it says; offsets count from the start of the body.</param>
    /// <returns>False when this is not one whole JSON object.</returns>
    public static bool TryReadBody(ReadOnlySpan<byte> json, out ResponseReading reading)
    {
        reading = default;
        try
        {
            var reader = JsonPass.Over(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            var response = ReadObject(ref reader);
            // Nothing may follow; the reader throws if something does.
            if (reader.Read())
                return false;
            reading = response;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads the <c>response</c> in the data of an event.</summary>
    /// <param name="data">The event's data, UTF-8 JSON.</param>
    /// <param name="reading">What the response says; offsets count from the start of the data.</param>
    /// <returns>False when the data is not one whole JSON object, or has no response object in it.</returns>
    public static bool TryReadEvent(ReadOnlySpan<byte> data, out ResponseReading reading)
    {
        reading = default;
        try
        {
            var reader = JsonPass.Over(data);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;

            ResponseReading? response = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isResponse = reader.IsNamed("response"u8);
                reader.Read();
                if (isResponse)
                    response = reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader) : null;
                // Does nothing after a response, which has been read to its end.
                reader.Skip();
            }

            if (reader.Read() || response is null)
                return false;
            reading = response.Value;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads the <c>response</c> in a frame of a stream, also where its data has several lines.</summary>
    /// <returns>As <see cref="TryReadEvent"/>; offsets count from the start of the data (see <see cref="SseFrame.OffsetInFrame"/>).</returns>
    public static bool TryReadFrame(in SseFrame frame, out ResponseReading reading)
    {
        using var data = frame.ReadData();
        return TryReadEvent(data.Span, out reading);
    }

    private static ResponseReading ReadObject(ref Utf8JsonReader reader)
    {
        var response = default(ResponseReading);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("model"u8))
                response = response with { Model = NextString(ref reader) };
            else if (reader.IsNamed("status"u8))
                response = response with { Status = NextStatus(ref reader) };
            else if (reader.IsNamed("incomplete_details"u8))
                response = response with { IncompleteReason = NextReason(ref reader) };
            else if (reader.IsNamed("object"u8))
                response = response with { IsResponseObject = NextIs(ref reader, "response"u8) };
            else if (reader.IsNamed("error"u8) || reader.IsNamed("code"u8))
                response = response with { HasError = NextIsThere(ref reader) || response.HasError };
            else if (reader.IsNamed("usage"u8))
            {
                reader.Read();
                response = response with { Usage = ReportedUsage.Read(ref reader) };
            }
            else
                reader.Skip();
        }

        return response;
    }

    private static JsonSpan NextString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return default;
        }

        var start = (int)reader.TokenStartIndex;
        return new JsonSpan(start, (int)reader.BytesConsumed - start);
    }

    private static bool NextIs(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        reader.Read();
        var isText = reader.TokenType == JsonTokenType.String && reader.IsNamed(text);
        reader.Skip();
        return isText;
    }

    private static bool NextIsThere(ref Utf8JsonReader reader)
    {
        reader.Read();
        var isThere = reader.TokenType != JsonTokenType.Null;
        reader.Skip();
        return isThere;
    }

    private static ResponseStatus NextStatus(ref Utf8JsonReader reader)
    {
        reader.Read();
        var status = reader.TokenType != JsonTokenType.String ? ResponseStatus.Missing
            : reader.IsNamed("completed"u8) ? ResponseStatus.Completed
            : reader.IsNamed("in_progress"u8) ? ResponseStatus.InProgress
            : reader.IsNamed("incomplete"u8) ? ResponseStatus.Incomplete
            : reader.IsNamed("failed"u8) ? ResponseStatus.Failed
            : ResponseStatus.Other;
        reader.Skip();
        return status;
    }

    private static IncompleteReason NextReason(ref Utf8JsonReader reader)
    {
        var reason = IncompleteReason.None;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return reason;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReason = reader.IsNamed("reason"u8);
            reader.Read();
            if (isReason)
                reason = reader.TokenType != JsonTokenType.String ? IncompleteReason.None
                    : reader.IsNamed("max_output_tokens"u8) ? IncompleteReason.MaxOutputTokens
                    : reader.IsNamed("max_prompt_tokens"u8) ? IncompleteReason.MaxPromptTokens
                    : reader.IsNamed("max_time_limit"u8) ? IncompleteReason.MaxTimeLimit
                    : reader.IsNamed("content_filter"u8) ? IncompleteReason.ContentFilter
                    : IncompleteReason.Other;
            reader.Skip();
        }

        return reason;
    }
}
