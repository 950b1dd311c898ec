using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using LlmTr.Cluster.Tests.Topology;

namespace LlmTr.Cluster.Tests.Load;

/// <summary>The requests of the load. Each has a nonce that reaches xAI, so that its books can be compared request by request.</summary>
internal static class Requests
{
    /// <summary>What every nonce begins with.</summary>
    public const string NoncePrefix = "nonce-";

    public static string NewNonce() => NoncePrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>The SHA-256 of the file that a transcription of this nonce sends, hexadecimal.</summary>
    public static string FileHash(string nonce) => Convert.ToHexStringLower(SHA256.HashData(Wave(nonce)));

    public static HttpRequestMessage Make(CallKind kind, CustomerKey key, string nonce) => kind switch
    {
        CallKind.Text => Post("/v1/responses", key.Text, $$"""{"model":"xai/grok-4.3","input":"Hello {{nonce}}","max_output_tokens":300}"""),
        CallKind.Stream => Post("/v1/responses", key.Text, $$"""{"model":"xai/grok-4.3","input":"Hello {{nonce}}","max_output_tokens":300,"stream":true}"""),
        CallKind.Image => Post("/v1/images/generations", key.Text, $$"""{"model":"xai/grok-imagine-image","prompt":"A boat {{nonce}}","n":2}"""),
        CallKind.Speech => Post("/v1/audio/speech", key.Text, $$"""{"model":"xai/grok-voice-tts","input":"Merhaba {{nonce}}"}"""),
        CallKind.Transcription => Post(
            "/v1/audio/transcriptions", key.Text, $$"""{"model":"xai/grok-voice-stt","audio_base64":"{{Convert.ToBase64String(Wave(nonce))}}"}"""),
        CallKind.Video => WithIdempotencyKey(
            Post("/v1/video/generations", key.Text, $$"""{"model":"xai/grok-imagine-video","prompt":"A boat {{nonce}}","duration_seconds":1,"max_wait_seconds":0}"""), nonce),
        CallKind.Credit => WithIdempotencyKey(
            Post($"/admin/v1/keys/{key.Id}/credits", TestCluster.AdminToken, $$"""{"amount_usd":"0.01","reference":"{{nonce}}"}"""), nonce),
        CallKind.Balance => Get("/v1/balance", key.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It has an address of its own."),
    };

    public static HttpRequestMessage VideoJob(CustomerKey key, string id) => Get($"/v1/video/generations/{id}", key.Text);

    private static HttpRequestMessage Get(string path, string bearer)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return request;
    }

    private static HttpRequestMessage Post(string path, string bearer, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return request;
    }

    private static HttpRequestMessage WithIdempotencyKey(HttpRequestMessage request, string key)
    {
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    // A tenth of a second of one channel, 8 kHz, 16 bits, that begins with the nonce.
    private static byte[] Wave(string nonce)
    {
        const int headerBytes = 44, samples = 800;
        var wave = new byte[headerBytes + (samples * 2)];
        var header = wave.AsSpan();
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], wave.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], 8000);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], 16_000);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], samples * 2);
        Encoding.ASCII.GetBytes(nonce, header[headerBytes..]);
        return wave;
    }
}
