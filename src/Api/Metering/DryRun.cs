using System.Buffers;
using System.Text.Json;
using LlmTr.Money;

namespace LlmTr.Api.Metering;

/// <summary><c>X-LLMTR-Dry-Run: true</c>: validates and quotes, and neither holds nor calls anything.</summary>
internal static class DryRun
{
    /// <summary>The header's name.</summary>
    public const string Header = "X-LLMTR-Dry-Run";

    /// <summary>
    /// Reads the header; true without one too. False when it is anything but one true or false, in any case: who sends it does not want to pay, so nothing that it could mean is guessed.
    /// </summary>
    public static bool TryRead(HttpRequest request, out bool isAskedFor)
    {
        isAskedFor = false;
        return !request.Headers.TryGetValue(Header, out var values) || (values is [{ } value] && bool.TryParse(value, out isAskedFor));
    }

    /// <summary>Tells what the request can cost at most, and what is there for it.</summary>
    public static async Task WriteAsync(HttpContext http, Quote quote, UsdTicks available)
    {
        var body = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("quote_usd"u8, quote.Most.ToUsdString());
            json.WriteNumber("quote_ticks"u8, quote.Most.Value);
            json.WriteString("available_usd"u8, available.ToUsdString());
            json.WriteEndObject();
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
