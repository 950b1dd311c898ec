using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>
/// A form with a file, taken in as it comes: the file goes to the disk piece by piece, wherever among the fields it stands; the fields become the JSON that they would have been,
/// so that one set of rules reads both.
/// </summary>
internal static class UploadForm
{
    /// <summary>The largest file (xAI contract, section 7.2).</summary>
    public const long MostFileBytes = 500_000_000;

    // Fields, boundaries and part headers around the file.
    private const long MostOtherBytes = 1024 * 1024;
    private const int MostParts = 32;
    private const int MostFieldBytes = 32 * 1024;
    private const int PieceBytes = 64 * 1024;
    private const int LongestBoundary = 70;

    /// <summary>What came of a form.</summary>
    /// <param name="Fields">The fields as JSON.</param>
    /// <param name="FileName">The file's own name; null without one.</param>
    public readonly record struct Received(byte[] Fields, string? FileName);

    /// <summary>True when the request is such a form.</summary>
    public static bool IsForm(HttpRequest request) => request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Takes the form in. Exactly one of the two results is set.</summary>
    public static async Task<(Received? Form, ApiError? Error)> ReadAsync(HttpContext http, SpooledAudio audio, CancellationToken cancellation)
    {
        const long mostBytes = MostFileBytes + MostOtherBytes;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = mostBytes;
        if (http.Request.ContentLength > mostBytes)
            return (null, AudioErrors.FileTooLarge);
        if (http.Request.Headers.ContentEncoding.Count > 0)
            return (null, GatewayErrors.BodyNotRead("Content-Encoding is not supported; send it uncompressed."));
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= LongestBoundary } boundary)
            return (null, GatewayErrors.BodyNotRead("the Content-Type names no boundary of at most 70 characters."));
        try
        {
            return await ReadPartsAsync(new MultipartReader(boundary.ToString(), http.Request.Body), audio, cancellation);
        }
        catch (InvalidDataException)
        {
            return (null, GatewayErrors.BodyNotRead("it is no well-formed multipart/form-data."));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, AudioErrors.FileTooLarge);
        }
        catch (IOException)
        {
            return (null, GatewayErrors.BodyNotRead("it was cut off, malformed or came too slowly."));
        }
    }

    private static async Task<(Received?, ApiError?)> ReadPartsAsync(MultipartReader parts, SpooledAudio audio, CancellationToken cancellation)
    {
        var json = new ArrayBufferWriter<byte>(512);
        await using var fields = new Utf8JsonWriter(json);
        fields.WriteStartObject();
        string? fileName = null;
        var hasFile = false;
        for (var count = 0; await parts.ReadNextSectionAsync(cancellation) is { } part; count++)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || !disposition.IsFormDisposition() && !disposition.IsFileDisposition())
                return (null, GatewayErrors.BodyNotRead("a part of the form has no Content-Disposition of form-data."));
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (count == MostParts)
                return (null, ApiError.InvalidRequest($"The form has more than {MostParts} parts."));
            if (name == "file")
            {
                if (hasFile)
                    return (null, ApiError.InvalidRequest("The field 'file' is there twice.", "file"));
                hasFile = true;
                fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : HeaderUtilities.RemoveQuotes(disposition.FileName).Value;
                if (await SpoolAsync(part.Body, audio, cancellation) is { } refusal)
                    return (null, refusal);
                continue;
            }

            if (name == "audio_base64")
                return (null, ApiError.InvalidRequest("A form has its audio in 'file'; 'audio_base64' is for JSON.", "audio_base64"));
            var (text, tooLong) = await ReadFieldAsync(part.Body, cancellation);
            if (tooLong is not null)
                return (null, tooLong);
            Write(fields, name, text!);
        }

        if (!hasFile)
            return (null, ApiError.InvalidRequest("The field 'file' is missing; send the audio in it.", "file"));
        fields.WriteEndObject();
        await fields.FlushAsync(cancellation);
        return (new Received(json.WrittenSpan.ToArray(), fileName), null);
    }

    private static async Task<ApiError?> SpoolAsync(Stream file, SpooledAudio audio, CancellationToken cancellation)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (true)
            {
                // Whole pieces: each costs a write.
                var read = await file.ReadAtLeastAsync(piece.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, cancellation);
                if (read == 0)
                    return null;
                if (audio.Length + read > MostFileBytes)
                    return AudioErrors.FileTooLarge;
                if (await audio.WriteAsync(piece.AsMemory(0, read), cancellation) is { } refusal)
                    return refusal;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    private static async Task<(string? Text, ApiError? Error)> ReadFieldAsync(Stream field, CancellationToken cancellation)
    {
        var bytes = new byte[MostFieldBytes + 1];
        var read = await field.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        if (read > MostFieldBytes)
            return (null, ApiError.InvalidRequest($"A field of the form is longer than {MostFieldBytes} bytes."));
        try
        {
            return (StrictUtf8.GetString(bytes, 0, read), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, ApiError.InvalidRequest("A field of the form is not valid UTF-8."));
        }
    }

    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a field as the JSON that its value looks like. OpenAI's clients put brackets behind the names of lists.</summary>
    private static void Write(Utf8JsonWriter fields, string name, string text)
    {
        var field = name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2] : name;

        // A list comes part by part; as an ignored hint one of them says enough.
        if (field == TranscriptionField.TimestampGranularities.Name() && field != name)
            fields.WriteBoolean(field, true);
        else if (field is "sample_rate" or "duration_seconds" or "format" or "stream" && IsLiteral(text))
            WriteRaw(fields, name, text);
        else
            fields.WriteString(name, text);
    }

    private static void WriteRaw(Utf8JsonWriter fields, string name, string text)
    {
        fields.WritePropertyName(name);
        fields.WriteRawValue(text);
    }

    private static bool IsLiteral(string text)
    {
        const int longest = 64;
        if (text.Length > longest)
            return false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            return reader.Read() && reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
