using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using LlmTr.XaiSimulator.Recording;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace LlmTr.XaiSimulator.Uploads;

/// <summary>Reads a form as it comes in: counts, hashes and measures its parts, and keeps only the text of its fields.</summary>
internal static class UploadReader
{
    private const int BufferSize = 64 * 1024;
    private const int LongestField = 64 * 1024;

    /// <summary>Reads a body to its end; null where it was not declared as a form.</summary>
    /// <exception cref="IOException">The client left.</exception>
    /// <exception cref="OperationCanceledException">The client left, or the simulator stops.</exception>
    public static async Task<Upload?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != "multipart/form-data")
            return null;
        if (HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
            return new Upload([], null, "the boundary is missing");

        var parts = new List<RecordedPart>();
        Audio? audio = null;
        try
        {
            var reader = new MultipartReader(boundary.ToString(), request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                var (part, measured) = await ReadPartAsync(section, cancellationToken);
                parts.Add(part);
                audio = measured ?? audio;
            }

            return new Upload(parts, audio, null);
        }
        // A body that ends before its last boundary; the end of a connection is told by an exception of a more special type.
        catch (Exception exception) when (exception is InvalidDataException || exception.GetType() == typeof(IOException))
        {
            return new Upload(parts, audio, "the form does not end as it should");
        }
    }

    private static async Task<(RecordedPart Part, Audio? Audio)> ReadPartAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        var disposition = section.GetContentDispositionHeader();
        var name = disposition is null ? "" : HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        var isFile = disposition?.IsFileDisposition() == true || name == "file";
        var meter = isFile ? new AudioMeter() : null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var text = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        long bytes = 0;
        try
        {
            while (await section.Body.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
                meter?.Add(buffer.AsSpan(0, read));
                bytes += read;
                if (!isFile && text.Length < LongestField)
                    text.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var fileName = disposition is { FileName.HasValue: true } ? HeaderUtilities.RemoveQuotes(disposition.FileName).ToString() : null;
        var part = new RecordedPart(
            name, fileName, section.ContentType, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), isFile ? null : Encoding.UTF8.GetString(text.ToArray()));
        return (part, meter?.Result());
    }
}
