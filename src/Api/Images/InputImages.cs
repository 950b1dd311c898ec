using System.Collections.Immutable;
using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Images;

/// <summary>Reads the images that an edit or a video starts from: <c>{"url"}</c>, <c>{"type":"image_url","url"}</c> or <c>{"image_url"}</c>.</summary>
internal static class InputImages
{
    private const string Rule = "must be an object such as {\"url\":\"https://…\"}";

    /// <summary>Reads the images of an edit: exactly one of <c>image</c> and <c>images</c>.</summary>
    /// <param name="body">The request.</param>
    /// <param name="most">The most images that the model takes.</param>
    /// <param name="images">The address of each, a JSON string as it stands in the body.</param>
    public static ApiError? Read(RequestBody<ImageField> body, int most, out ImmutableArray<ReadOnlyMemory<byte>> images)
    {
        images = [];
        switch (body.Has(ImageField.Image), body.Has(ImageField.Images))
        {
            case (true, true):
                return ApiError.InvalidRequest("The fields 'image' and 'images' exclude each other; send one of them.", "images");
            case (false, false):
                return ApiError.InvalidRequest("The field 'image' is missing; an edit starts from one image, or from several as 'images'.", "image");
            case (true, false):
                if (ReadOne(body.RawMemory(ImageField.Image), "image", out var one) is { } wrong)
                    return wrong;
                images = [one];
                return null;
            default:
                return ReadList(body, most, out images);
        }
    }

    /// <summary>Reads one image.</summary>
    /// <param name="json">The image's object, as it stands in the body.</param>
    /// <param name="place">Its path, for a complaint.</param>
    /// <param name="url">Its address, a JSON string as it stands in the body.</param>
    public static ApiError? ReadOne(ReadOnlyMemory<byte> json, string place, out ReadOnlyMemory<byte> url)
    {
        url = default;
        var reader = StrictJson.Open(json.Span);
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest($"'{place}' {Rule}.", place);
        var members = new MemberWalk();
        var urls = 0;
        while (members.Next(ref reader))
        {
            if (reader.TokenType == JsonTokenType.Null)
                continue;
            switch (members.Current)
            {
                case Member.Type when reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("image_url"u8):
                    break;
                case Member.Type:
                    return ApiError.InvalidRequest($"'{place}.type' may only be \"image_url\"; leave it out.", $"{place}.type");
                case Member.Url or Member.ImageUrl:
                    urls++;
                    if (ReadUrl(json, ref reader, $"{place}.{MemberWalk.JsonName(members.Current)}", out url) is { } wrong)
                        return wrong;
                    break;
                case Member.FileId:
                    return ApiError.UnsupportedCapability(
                        "References to files are not supported; send the image as an https URL or a data URI.", $"{place}.file_id");
                default:
                    return ApiError.InvalidRequest($"Unknown field in '{place}'; an image {Rule}.", place);
            }
        }

        return urls == 1 ? null : ApiError.InvalidRequest($"'{place}' must have exactly one 'url'.", place);
    }

    private static ApiError? ReadList(RequestBody<ImageField> body, int most, out ImmutableArray<ReadOnlyMemory<byte>> images)
    {
        images = [];
        var json = body.RawMemory(ImageField.Images);
        var reader = StrictJson.Open(json.Span);
        if (reader.TokenType != JsonTokenType.StartArray)
            return FieldChecks.Wrong(ImageField.Images, $"must be a list of 1 to {most} images");
        var read = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (read.Count == most)
                return FieldChecks.Wrong(ImageField.Images, $"must be a list of 1 to {most} images");
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (ReadOne(json[start..(int)reader.BytesConsumed], $"images[{read.Count}]", out var url) is { } wrong)
                return wrong;
            read.Add(url);
        }

        images = read.ToImmutable();
        return images.IsEmpty ? FieldChecks.Wrong(ImageField.Images, $"must be a list of 1 to {most} images") : null;
    }

    private static ApiError? ReadUrl(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader, string place, out ReadOnlyMemory<byte> url)
    {
        // OpenAI's chat form nests the address once more.
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return ReadOne(json[start..(int)reader.BytesConsumed], place, out url);
        }

        url = default;
        if (InputImage.Complaint(reader) is { } complaint)
            return ApiError.InvalidRequest($"'{place}' {complaint}.", place);
        url = json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
        return null;
    }
}
