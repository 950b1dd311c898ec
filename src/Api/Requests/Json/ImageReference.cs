using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace LlmTr.Api.Requests.Json;

/// <summary>Tells whether a string names an image in a way that is taken: an https URL, or a data URI of a PNG, JPEG or WebP in base64.</summary>
internal static class ImageReference
{
    /// <summary>What a reference must be, for a complaint.</summary>
    public const string Rule = "must be an https URL or a data URI of a PNG, JPEG or WebP image in base64";

    // Far above what browsers and servers take.
    private const int LongestUrl = 8192;

    /// <summary>Judges the string that the reader stands on. The image itself is not decoded.</summary>
    public static bool IsTaken(in Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return false;
        if (!reader.ValueIsEscaped)
            return IsTaken(reader.ValueSpan);

        // Some encoders escape every slash, so even a data URI of megabytes may need decoding.
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return IsTaken(buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        finally
        {
            // It held a customer's image, which nobody else that rents the array should find.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static bool IsTaken(ReadOnlySpan<byte> reference) =>
        StartsWith(reference, "https://"u8) ? IsHost(reference["https://".Length..]) && reference.Length <= LongestUrl
        : StartsWith(reference, "data:image/png;base64,"u8) ? IsBase64(reference["data:image/png;base64,".Length..])
        : StartsWith(reference, "data:image/jpeg;base64,"u8) ? IsBase64(reference["data:image/jpeg;base64,".Length..])
        : StartsWith(reference, "data:image/webp;base64,"u8) && IsBase64(reference["data:image/webp;base64,".Length..]);

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);

    private static bool IsHost(ReadOnlySpan<byte> rest) =>
        !rest.IsEmpty && rest[0] is not ((byte)'/' or (byte)'?' or (byte)'#') && !rest.ContainsAnyInRange((byte)0, (byte)' ') && !rest.Contains((byte)0x7f);

    private static bool IsBase64(ReadOnlySpan<byte> data) => Base64.IsValid(data, out var decodedBytes) && decodedBytes > 0;
}
