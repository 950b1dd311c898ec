using System.Buffers;
using System.Text.Json;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Admin;

/// <summary>Shows a part of a ledger, its lines exactly as they are stored: as one JSON object, or a line each (<c>application/x-ndjson</c>).</summary>
internal static class LedgerWriter
{
    private const string NdJson = "application/x-ndjson";

    public static async Task WriteAsync(HttpContext http, LedgerPage page)
    {
        var body = new ArrayBufferWriter<byte>(64 * 1024);
        if (http.Request.Headers.Accept.ToString().Contains(NdJson, StringComparison.OrdinalIgnoreCase))
        {
            http.Response.ContentType = NdJson;
            foreach (var line in page.Lines)
            {
                body.Write(line);
                body.Write("\n"u8);
            }
        }
        else
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            using var json = new Utf8JsonWriter(body);
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            foreach (var line in page.Lines)
                json.WriteRawValue(line, skipInputValidation: true);
            json.WriteEndArray();
            if (page.NextSeq is { } next)
                json.WriteNumber("next_seq"u8, next);
            else
                json.WriteNull("next_seq"u8);
            json.WriteEndObject();
        }

        http.Response.ContentLength = body.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
