using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Images;

/// <summary>Judges an image that a request brings or names. Only what an image claims to be is checked, not whether it can be drawn.</summary>
internal static class InputImage
{
    /// <summary>The largest image in bytes (xAI contract, section 5.2: xAI fetches no larger one).</summary>
    public const int MostBytes = 10 * 1024 * 1024;

    // Enough of an image to tell its kind.
    private const int SignatureBytes = 12;

    /// <summary>The media type of an image by its first bytes; null for what is no PNG, JPEG or WebP.</summary>
    /// <param name="start">The image, or its first 12 bytes.</param>
    public static string? MediaTypeOf(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) ? "image/png"
        : start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? "image/jpeg"
        : start.Length >= SignatureBytes && start.StartsWith("RIFF"u8) && start[8..SignatureBytes].SequenceEqual("WEBP"u8) ? "image/webp"
        : null;

    /// <summary>What is wrong with the string that the reader stands on; null when it is an https URL or a fitting data URI.</summary>
    public static string? Complaint(in Utf8JsonReader reader)
    {
        if (!ImageReference.IsTaken(reader))
            return ImageReference.Rule;
        if (!reader.ValueIsEscaped)
            return ComplaintOfData(reader.ValueSpan);
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return ComplaintOfData(buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static string? ComplaintOfData(ReadOnlySpan<byte> reference)
    {
        // An address has no comma-separated data part; xAI fetches it and judges by itself.
        if (reference[0] is (byte)'h' or (byte)'H')
            return null;
        var comma = reference.IndexOf((byte)',');
        var data = reference[(comma + 1)..];
        Base64.IsValid(data, out var decodedBytes);
        if (decodedBytes > MostBytes)
            return $"must be an image of at most {MostBytes / (1024 * 1024)} MiB";

        Span<byte> start = stackalloc byte[SignatureBytes];
        Span<byte> digits = stackalloc byte[SignatureBytes * 4 / 3];
        var length = 0;
        foreach (var digit in data)
        {
            if (length == digits.Length)
                break;
            if (digit > ' ')
                digits[length++] = digit;
        }

        var status = Base64.DecodeFromUtf8(digits[..length], start, out _, out var written);
        return status == OperationStatus.Done && MediaTypeOf(start[..written]) is { } type && Ascii.EqualsIgnoreCase(reference["data:".Length..][..type.Length], type)
            ? null
            : "must be what its data URI says: a PNG, JPEG or WebP image";
    }
}
