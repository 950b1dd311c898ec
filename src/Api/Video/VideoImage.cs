using System.Text;
using System.Text.Json;
using LlmTr.Api.Errors;
using LlmTr.Api.Images;
using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Video;

/// <summary>The image that a video starts from: <c>{"url"}</c>, <c>{"type":"image_url","url"}</c> or <c>{"image_url"}</c>, https or a data URI.</summary>
/// <param name="Url">The https URL; null for a data URI.</param>
/// <param name="Data">The UTF-8 text of the data URI; empty for a URL.</param>
internal readonly record struct VideoImage(string? Url, ArraySegment<byte> Data)
{
    private static ReadOnlySpan<byte> Https => "https://"u8;

    /// <summary>Reads the field; null where it is absent.</summary>
    public static ApiError? Read<TField>(RequestBody<TField> body, TField field, out VideoImage? image)
        where TField : struct, Enum
    {
        image = null;
        if (!body.Has(field))
            return null;
        var reader = body.Open(field);
        if (reader.TokenType != JsonTokenType.StartObject)
            return FieldChecks.Wrong(field, "must be an object, such as {\"url\":\"https://…\"}");

        var walk = default(MemberWalk);
        VideoImage? read = null;
        while (walk.Next(ref reader))
        {
            switch (walk.Current)
            {
                case Member.Url or Member.ImageUrl:
                    if (read is not null)
                        return ApiError.InvalidRequest("The field 'image' names two images.", "image");
                    if (InputImage.Complaint(reader) is { } complaint)
                        return ApiError.InvalidRequest($"The field 'image.{MemberWalk.JsonName(walk.Current)}' {complaint}.", $"image.{MemberWalk.JsonName(walk.Current)}");
                    read = Of(reader);
                    break;
                case Member.Type:
                    if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("image_url"u8))
                        return ApiError.InvalidRequest("The field 'image.type' may only be \"image_url\".", "image.type");
                    break;
                case Member.FileId:
                    return ApiError.UnsupportedCapability("Files are not kept here; send the image as a URL or a data URI.", "image.file_id");
                default:
                    return ApiError.InvalidRequest("The field 'image' takes 'url' or 'image_url', and 'type'.", "image");
            }
        }

        if (walk.Repeated != Member.Other)
            return ApiError.InvalidRequest($"The field 'image.{MemberWalk.JsonName(walk.Repeated)}' is there twice.", "image");
        if (read is null)
            return ApiError.InvalidRequest("The field 'image' names no image; give it a 'url'.", "image.url");
        image = read;
        return null;
    }

    /// <summary>The data URI, to be read.</summary>
    public MemoryStream Open() => new(Data.Array ?? [], Data.Offset, Data.Count, writable: false);

    private static VideoImage Of(in Utf8JsonReader reader)
    {
        // No string is made of an image: it would be twice as long.
        var text = new byte[reader.ValueSpan.Length];
        var length = reader.CopyString(text);
        return Ascii.EqualsIgnoreCase(text.AsSpan(0, Https.Length), Https) ? new VideoImage(Encoding.UTF8.GetString(text, 0, length), default) : new VideoImage(null, new ArraySegment<byte>(text, 0, length));
    }
}
