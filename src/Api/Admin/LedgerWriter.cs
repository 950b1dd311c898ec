using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Admin;

/// <summary>
/// Shows a part of a ledger, its lines exactly as they are stored: as one JSON object, a line each (<c>application/x-ndjson</c>), or as CSV.
/// </summary>
internal static class LedgerWriter
{
    /// <summary>Says where the next part begins, for the forms that have no place for it; absent at the end.</summary>
    public const string NextHeader = "X-LLMTR-Next-Seq";

    /// <summary>Says what is wrong with a ledger that is broken; absent for a good one.</summary>
    public const string BrokenHeader = "X-LLMTR-Ledger-Broken";

    private const string NdJson = "application/x-ndjson";
    private const string Csv = "text/csv";

    public static async Task WriteAsync(HttpContext http, LedgerPage page)
    {
        var body = new ArrayBufferWriter<byte>(64 * 1024);
        if (page.NextSeq is { } nextSeq)
            http.Response.Headers[NextHeader] = nextSeq.ToString(CultureInfo.InvariantCulture);
        if (page.Broken is not null)
            http.Response.Headers[BrokenHeader] = string.Concat(page.Broken.Select(static c => c is >= ' ' and <= '~' ? c : '?'));
        if (http.Accepts(NdJson))
        {
            http.Response.ContentType = NdJson;
            foreach (var line in page.Lines)
            {
                body.Write(line);
                body.Write("\n"u8);
            }
        }
        else if (http.Accepts(Csv))
        {
            http.Response.ContentType = "text/csv; charset=utf-8";
            LedgerCsv.Write(body, page.Lines);
        }
        else
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            using var json = new Utf8JsonWriter(body);
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            foreach (var line in page.Lines)
            {
                // What is no JSON, in a broken ledger, can only be shown as a text.
                if (IsJson(line))
                    json.WriteRawValue(line, skipInputValidation: true);
                else
                    json.WriteStringValue(Encoding.UTF8.GetString(line));
            }

            json.WriteEndArray();
            if (page.NextSeq is { } next)
                json.WriteNumber("next_seq"u8, next);
            else
                json.WriteNull("next_seq"u8);
            json.WriteString("broken"u8, page.Broken);
            json.WriteEndObject();
        }

        http.Response.ContentLength = body.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static bool IsJson(byte[] line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
