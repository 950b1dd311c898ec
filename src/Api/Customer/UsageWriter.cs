using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmTr.Api.Usage;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Api.Customer;

/// <summary>Writes the usage log. What is not known (a request under way has no status) is null in JSON and empty in CSV.</summary>
internal static class UsageWriter
{
    private const string CsvHeader =
        "timestamp,request_id,model,endpoint,input_tokens,output_tokens,total_tokens,cost_usd,cost_source,latency_ms,status_code,api_key_prefix\r\n";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>{"data":[…],"meta":{…}}</c>; with the entries of hold and charge where a request was asked for by its id.</summary>
    public static void WriteJson(
        IBufferWriter<byte> output, IReadOnlyList<RequestUsage> requests, string prefix, long page, int perPage, long total, bool withEntries)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var request in requests)
        {
            json.WriteStartObject();
            json.WriteString("timestamp"u8, Moment(request.Hold.At));
            json.WriteString("request_id"u8, request.Hold.RequestId.ToString());
            json.WriteString("model"u8, request.Hold.Model);
            json.WriteString("endpoint"u8, request.Hold.Endpoint);
            Number(json, "input_tokens", request.End?.InputTokens);
            Number(json, "output_tokens", request.End?.OutputTokens);
            Number(json, "total_tokens", request.TotalTokens);
            json.WritePropertyName("cost_usd"u8);

            // Existing tools read a JSON number here. Written digit by digit, it is as exact as the string.
            json.WriteRawValue(request.Cost.ToUsdString());
            json.WriteString("cost_source"u8, Source(request.Charge?.CostSource));
            Number(json, "latency_ms", request.End?.LatencyMs);
            Number(json, "status_code", request.End?.StatusCode);
            json.WriteString("api_key_prefix"u8, prefix);
            if (withEntries)
            {
                Entry(json, "hold", request.Hold);
                Entry(json, "charge", request.Charge);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("meta"u8);
        json.WriteNumber("page"u8, page);
        json.WriteNumber("perPage"u8, perPage);
        json.WriteNumber("total"u8, total);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the same rows as CSV (RFC 4180) with a header line.</summary>
    public static void WriteCsv(IBufferWriter<byte> output, IReadOnlyList<RequestUsage> requests, string prefix)
    {
        var text = new StringBuilder(CsvHeader);
        foreach (var request in requests)
        {
            // No value can hold a comma, a quote or a line end: ids, numbers, and the catalogue's names of models and paths.
            text.AppendJoin(
                ',',
                Moment(request.Hold.At),
                request.Hold.RequestId,
                request.Hold.Model,
                request.Hold.Endpoint,
                request.End?.InputTokens,
                request.End?.OutputTokens,
                request.TotalTokens,
                request.Cost.ToUsdString(),
                Source(request.Charge?.CostSource),
                request.End?.LatencyMs,
                request.End?.StatusCode,
                prefix).Append("\r\n");
        }

        Encoding.UTF8.GetBytes(text.ToString(), output);
    }

    private static void Entry(Utf8JsonWriter json, string name, LedgerEntry? entry)
    {
        if (entry is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("seq"u8, entry.Seq);
        json.WriteString("at"u8, Moment(entry.At));
        json.WriteString("amount_usd"u8, entry.Amount.ToUsdString());
        json.WriteNumber("amount_ticks"u8, entry.Amount.Value);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private static string? Source(CostSource? source) => source is { } known ? JsonNamingPolicy.SnakeCaseLower.ConvertName(known.ToString()) : null;

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
