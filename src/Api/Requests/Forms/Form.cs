using System.Text;
using LlmTr.Api.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace LlmTr.Api.Requests.Forms;

/// <summary>Reads <c>multipart/form-data</c> part by part, as it comes: files go to the endpoint piece by piece, wherever among the fields they stand.</summary>
internal static class Form
{
    private const int MostParts = 32;
    private const int MostFieldBytes = 32 * 1024;
    private const int LongestBoundary = 70;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ApiError Malformed { get; } = GatewayErrors.BodyNotRead("it is no well-formed multipart/form-data.");

    /// <summary>True when the request is such a form.</summary>
    public static bool IsForm(HttpRequest request) => request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads the whole form. Exactly one of the two results is set: the fields as a JSON object, or what is wrong.</summary>
    public static async Task<(byte[]? Fields, ApiError? Error)> ReadAsync(HttpContext http, IFormShape shape, CancellationToken cancellation)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = shape.MostBytes;
        if (http.Request.ContentLength > shape.MostBytes)
            return (null, shape.TooLarge);
        if (http.Request.Headers.ContentEncoding.Count > 0)
            return (null, GatewayErrors.BodyNotRead("Content-Encoding is not supported; send it uncompressed."));
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= LongestBoundary } boundary)
            return (null, GatewayErrors.BodyNotRead("the Content-Type names no boundary of at most 70 characters."));
        try
        {
            return await ReadPartsAsync(new MultipartReader(boundary.ToString(), http.Request.Body), shape, cancellation);
        }
        catch (InvalidDataException)
        {
            return (null, Malformed);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, shape.TooLarge);
        }
        catch (IOException)
        {
            return (null, GatewayErrors.BodyNotRead("it was cut off, malformed or came too slowly."));
        }
    }

    private static async Task<(byte[]?, ApiError?)> ReadPartsAsync(MultipartReader parts, IFormShape shape, CancellationToken cancellation)
    {
        using var fields = new FormFields(shape);
        for (var count = 0; await parts.ReadNextSectionAsync(cancellation) is { } part; count++)
        {
            if (ReadNames(part, out var name, out var fileName) is { } wrong)
                return (null, wrong);
            if (count == MostParts)
                return (null, ApiError.InvalidRequest($"The form has more than {MostParts} parts."));
            if (shape.IsFile(name))
            {
                if (await shape.TakeAsync(new SentFile(name, fileName, part.Body), cancellation) is { } refusal)
                    return (null, refusal);
                continue;
            }

            var (text, unreadable) = await ReadFieldAsync(part.Body, cancellation);
            if (unreadable is not null)
                return (null, unreadable);
            fields.Write(name, text!);
        }

        return shape.Missing() is { } missing ? (null, missing) : (fields.ToJson(), null);
    }

    private static ApiError? ReadNames(MultipartSection part, out string name, out string? fileName)
    {
        (name, fileName) = ("", null);
        try
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || !disposition.IsFormDisposition() && !disposition.IsFileDisposition())
                return GatewayErrors.BodyNotRead("a part of the form has no Content-Disposition of form-data.");
            name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : HeaderUtilities.RemoveQuotes(disposition.FileName).Value;
            return null;
        }
        catch (NotSupportedException)
        {
            // Names are decoded when they are looked at, also by who only asks whether there is one; UTF-7 is what .NET refuses to decode.
            return Malformed;
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
}
