using System.Text.Json;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Streaming;

/// <summary>What the data of a frame without a telling event name looks like.</summary>
internal enum EventDataShape
{
    Unknown,
    Typed,
    BareError,
}

/// <summary>Reads single members out of the JSON of a frame, and no more of it than it must.</summary>
internal static class EventData
{
    /// <summary>Finds the top-level <c>type</c>, or, without one, sees an error object in its place.</summary>
    /// <param name="data">The frame's data; need not be JSON.</param>
    /// <param name="type">The type as it is written, when there is one; a type written with escapes is not one that xAI sends.</param>
    public static EventDataShape TryReadType(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> type)
    {
        type = default;
        var shape = EventDataShape.Unknown;
        try
        {
            var reader = JsonPass.Over(data);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return EventDataShape.Unknown;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.IsNamed("type"u8);
                var isError = reader.IsNamed("error"u8);
                reader.Read();
                if (isType && reader.TokenType == JsonTokenType.String)
                {
                    type = reader.ValueSpan;
                    return EventDataShape.Typed;
                }

                if (isError && reader.TokenType is (JsonTokenType.String or JsonTokenType.StartObject))
                    shape = EventDataShape.BareError;
                reader.Skip();
            }

            return shape;
        }
        catch (JsonException)
        {
            return EventDataShape.Unknown;
        }
    }

    /// <summary>The UTF-8 bytes of the text in the top-level <c>delta</c>, 0 when there is none.</summary>
    public static int DeltaTextBytes(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = JsonPass.Over(data);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return 0;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isDelta = reader.IsNamed("delta"u8);
                reader.Read();
                if (isDelta && reader.TokenType == JsonTokenType.String)
                    return reader.ValueIsEscaped ? Utf8.UnescapedLength(reader.ValueSpan) : reader.ValueSpan.Length;
                reader.Skip();
            }

            return 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
