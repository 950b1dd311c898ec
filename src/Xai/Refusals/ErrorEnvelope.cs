using System.Text;
using System.Text.Json;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Refusals;

/// <summary>
/// An error in any of the JSON shapes of the xAI contract, section 1.3: flat with or without code, nested as OpenAI does it, flat with usage;
/// in a stream also with <c>message</c> in place of <c>error</c>, or inside a failed <c>response</c>.
/// </summary>
internal readonly record struct ErrorEnvelope
{
    public string? Code { get; private init; }

    public string? Text => ErrorText ?? Message;

    public ReportedUsage Usage { get; private init; }

    // An error that has neither text nor code still is one.
    private bool HasError { get; init; }

    private string? ErrorText { get; init; }

    private string? Message { get; init; }

    private bool IsErrorEvent { get; init; }

    /// <summary>Reads a body.</summary>
    /// <returns>False when it is not one whole JSON object with an <c>error</c> (text or object) or a <c>code</c> (text).</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out ErrorEnvelope envelope) =>
        TryReadWhole(body, out envelope) && (envelope.HasError || envelope.Code is not null);

    /// <summary>Reads the data of an error event.</summary>
    /// <returns>False when it is not one whole JSON object with an error in it, or of the type <c>error</c>.</returns>
    public static bool TryReadEvent(ReadOnlySpan<byte> data, out ErrorEnvelope envelope) =>
        TryReadWhole(data, out envelope) && (envelope.HasError || envelope.IsErrorEvent || envelope.Code is not null);

    private static bool TryReadWhole(ReadOnlySpan<byte> json, out ErrorEnvelope envelope)
    {
        envelope = default;
        try
        {
            var reader = JsonPass.Over(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            var read = ReadObject(ref reader, default, takeResponse: true);
            if (reader.Read())
                return false;
            envelope = read;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ErrorEnvelope ReadObject(ref Utf8JsonReader reader, ErrorEnvelope envelope, bool takeResponse)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("code"u8))
                envelope = envelope with { Code = NextText(ref reader) ?? envelope.Code };
            else if (reader.IsNamed("message"u8))
                envelope = envelope with { Message = NextText(ref reader) };
            else if (takeResponse && reader.IsNamed("type"u8))
                envelope = envelope with { IsErrorEvent = NextText(ref reader) == "error" };
            else if (reader.IsNamed("error"u8))
                envelope = NextError(ref reader, envelope);
            else if (reader.IsNamed("usage"u8))
            {
                reader.Read();
                envelope = envelope with { Usage = ReportedUsage.Read(ref reader) };
            }
            else if (takeResponse && reader.IsNamed("response"u8))
                envelope = NextResponse(ref reader, envelope);
            else
                reader.Skip();
        }

        return envelope;
    }

    private static ErrorEnvelope NextResponse(ref Utf8JsonReader reader, ErrorEnvelope envelope)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            return ReadObject(ref reader, envelope, takeResponse: false);
        reader.Skip();
        return envelope;
    }

    private static ErrorEnvelope NextError(ref Utf8JsonReader reader, ErrorEnvelope envelope)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return envelope with { HasError = true, ErrorText = TextOf(reader) };
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return envelope;
        }

        string? code = null;
        string? type = null;
        string? message = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("message"u8))
                message = NextText(ref reader);
            else if (reader.IsNamed("code"u8))
                code = NextText(ref reader);
            else if (reader.IsNamed("type"u8))
                type = NextText(ref reader);
            else
                reader.Skip();
        }

        return envelope with { HasError = true, ErrorText = message, Code = code ?? envelope.Code ?? type };
    }

    private static string? NextText(ref Utf8JsonReader reader)
    {
        reader.Read();
        var text = reader.TokenType == JsonTokenType.String ? TextOf(reader) : null;
        reader.Skip();
        return text;
    }

    private static string TextOf(in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Not valid Unicode: shown as far as it can be, because the rest of the answer may still be worth money.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
