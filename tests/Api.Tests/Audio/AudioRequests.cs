using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Audio;

/// <summary>Requests with and for audio, and what they leave in the ledger.</summary>
internal static class AudioRequests
{
    public const string SpeechPath = "/v1/audio/speech";
    public const string TranscriptionPath = "/v1/audio/transcriptions";
    public const string Speech = """{"model":"xai/grok-voice-tts","input":"Merhaba","voice":"eve"}""";

    public static Task<HttpResponseMessage> SpeakAsync(this TestKey key, string body, CancellationToken cancellation = default, params (string Name, string Value)[] headers) =>
        key.Gateway.SendAsync(HttpMethod.Post, SpeechPath, key.Text, body, cancellation, headers);

    public static Task<HttpResponseMessage> TranscribeAsync(this TestKey key, string body, params (string Name, string Value)[] headers) =>
        key.Gateway.SendAsync(HttpMethod.Post, TranscriptionPath, key.Text, body, default, headers);

    /// <summary>Sends a form; a field named <c>file</c> is the audio.</summary>
    public static Task<HttpResponseMessage> UploadAsync(this TestKey key, byte[] audio, params (string Name, string Value)[] fields) =>
        key.UploadAsync(new ByteArrayContent(audio), fields: fields);

    /// <summary>The same, to another path.</summary>
    public static Task<HttpResponseMessage> UploadToAsync(this TestKey key, string path, byte[] audio, params (string Name, string Value)[] fields) =>
        key.UploadAsync(new ByteArrayContent(audio), fields: fields, path: path);

    public static async Task<HttpResponseMessage> UploadAsync(
        this TestKey key, HttpContent audio, string? idempotencyKey = null, bool fileFirst = false, (string Name, string Value)[]? fields = null, string path = TranscriptionPath)
    {
        using var form = new MultipartFormDataContent();
        if (fileFirst)
            form.Add(audio, "file", "canary-name.wav");
        foreach (var (name, value) in fields ?? [])
            form.Add(new StringContent(value), name);
        if (!fileFirst)
            form.Add(audio, "file", "canary-name.wav");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await key.Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Silence of one channel, 8 kHz, 16 bits.</summary>
    public static byte[] Wave(int milliseconds)
    {
        var samples = new byte[milliseconds * 16];
        using var wave = new MemoryStream();
        using var writer = new BinaryWriter(wave, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(8000);
        writer.Write(16000);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length);
        writer.Write(samples);
        writer.Flush();
        return wave.ToArray();
    }

    public static string Json(byte[] audio, string more = "") =>
        $$"""{"model":"xai/grok-voice-stt","audio_base64":"{{Convert.ToBase64String(audio)}}"{{more}}}""";

    /// <summary>The price of some milliseconds, rounded up to a tick.</summary>
    public static long TicksOf(long milliseconds) => (long)((((Int128)milliseconds * 1_000_000_000) + 3_599_999) / 3_600_000);

    /// <summary>Kind, ticks and cost source of every entry, once no hold is open.</summary>
    public static async Task<IEnumerable<(string Kind, long Ticks, string? Source)>> EntriesAsync(this TestKey key) =>
        (await key.SettledLedgerAsync()).Select(static entry => (
            entry.Text("kind"), entry.Number("amount_ticks"), entry.TryGetProperty("cost_source", out var source) ? source.GetString() : null));

    public static JsonElement Sent(this TestGateway gateway) => JsonSerializer.Deserialize<JsonElement>(gateway.Xai.Requests.Single().BodyText);

    public static string Usd(long ticks) => new UsdTicks(ticks).ToUsdString();

    public static string Invariant(this long number) => number.ToString(CultureInfo.InvariantCulture);
}
