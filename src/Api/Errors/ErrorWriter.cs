using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmTr.Api.Errors.Languages;
using LlmTr.Api.Requests;

namespace LlmTr.Api.Errors;

/// <summary>Writes a refusal as the error envelope, whole or as the last frame of a stream.</summary>
internal static class ErrorWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with the error, in the language that the request prefers. The response must not have started.</summary>
    public static async Task WriteAsync(HttpContext http, ApiError error)
    {
        var response = http.Response;
        var shown = error.InLanguageOf(http.Request, out var language);
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, Options))
            WriteEnvelope(json, shown, http.GetRequestIdText());
        response.Headers.ContentLanguage = language;
        response.Headers.Append("Vary", "Accept-Language");
        response.StatusCode = error.Status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.WrittenCount;
        if (error.Status is 503 or 429 && response.Headers.RetryAfter.Count == 0)
            response.Headers.RetryAfter = "2";

        // SDKs repeat 409 and 429 by themselves; these two cannot turn out otherwise.
        if (error.Type is "idempotency_conflict" or "budget_exceeded")
            response.Headers["x-should-retry"] = "false";
        await response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    /// <summary>
    /// One <c>event: error</c> frame: the fields that OpenAI clients read, and our envelope's <c>error</c> for everyone else.
    /// </summary>
    public static void WriteFrame(IBufferWriter<byte> output, ApiError error, string requestId, long sequenceNumber)
    {
        output.Write("event: error\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteNumber("sequence_number"u8, sequenceNumber);
            json.WriteString("code"u8, error.Type);
            json.WriteString("message"u8, error.Message);
            json.WriteString("param"u8, error.Param);
            WriteError(json, error, requestId);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    /// <summary>One frame without a name that holds the envelope, as chat completions ends a stream that failed.</summary>
    public static void WriteChunk(IBufferWriter<byte> output, ApiError error, string requestId)
    {
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, Options))
            WriteEnvelope(json, error, requestId);
        output.Write("\n\n"u8);
    }

    private static void WriteEnvelope(Utf8JsonWriter json, ApiError error, string requestId)
    {
        json.WriteStartObject();
        WriteError(json, error, requestId);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, ApiError error, string requestId)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Type);
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.Type);
        json.WriteString("request_id"u8, requestId);
        if (error.Details is { Count: > 0 } details)
        {
            json.WriteStartObject("details"u8);
            foreach (var (name, value) in details)
                WriteDetail(json, name, value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteDetail(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case IEnumerable<string> list:
                json.WriteStartArray(name);
                foreach (var item in list)
                    json.WriteStringValue(item);
                json.WriteEndArray();
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
