using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using LlmTr.XaiSimulator.Recording;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Images;

/// <summary>An image that comes in, inside the request or by reference. What a URL names is not fetched here.</summary>
/// <param name="Part">What is remembered of it.</param>
/// <param name="Problem">Why it cannot be used, or null. All such texts are guesses.</param>
internal sealed record InputImage(RecordedPart Part, string? Problem)
{
    private const int MostBytes = 10 * 1024 * 1024;

    /// <summary>Reads <c>{"url"}</c>, <c>{"type":"image_url","url"}</c>, <c>{"image_url"}</c> or <c>{"file_id"}</c> (xAI contract, section 5.2).</summary>
    public static InputImage Read(string name, JsonElement value, Types types)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            types.Complain($"{name}: invalid type, expected an object");
            return Reference(name, "", null);
        }

        types.Word(value, "type", "image_url");
        if (types.Text(value, "file_id") is { } file)
            return Reference(name, file, null);
        if ((types.Text(value, "url") ?? types.Text(value, "image_url")) is not { } url)
        {
            types.Complain($"{name}: missing field `url`");
            return Reference(name, "", null);
        }

        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            return ReadData(name, url);
        var isWeb = Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
        return Reference(name, url, isWeb ? null : "The image URL is not valid.");
    }

    private static InputImage ReadData(string name, string url)
    {
        const string marker = ";base64,";
        var at = url.IndexOf(marker, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return Reference(name, "data:", "The data URI of the image is not base64.");
        var type = url["data:".Length..at];
        var text = url.AsSpan(at + marker.Length);
        var buffer = ArrayPool<byte>.Shared.Rent((text.Length / 4 * 3) + 3);
        try
        {
            if (!Convert.TryFromBase64Chars(text, buffer, out var bytes))
                return Reference(name, "data:", "The data URI of the image is not base64.");
            var image = buffer.AsSpan(0, bytes);
            var part = new RecordedPart(name, null, type, bytes, Convert.ToHexStringLower(SHA256.HashData(image)), null);
            return new InputImage(part, bytes > MostBytes ? "The image is larger than 10 MiB." : IsPicture(image) ? null : "The image is neither PNG, JPEG nor WebP.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>By its first bytes: what is declared as an image and is none could not be edited.</summary>
    private static bool IsPicture(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])
        || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || (bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8));

    private static InputImage Reference(string name, string text, string? problem) => new(new RecordedPart(name, null, null, 0, null, text), problem);
}
