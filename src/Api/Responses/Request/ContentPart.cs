using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>Checks one part of an item's content.</summary>
internal static class ContentPart
{
    /// <summary>A part of a message or of a function's output: <c>input_text</c>, <c>output_text</c> or <c>input_image</c>.</summary>
    public static ApiError? Check(ref Utf8JsonReader reader, ItemPlace place, TextModel model, ref ImageTally images)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest("A content part must be an object.", place.Of());
        var isImage = false;
        var hasText = false;
        var imagesBefore = images.Count;
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            var isNull = reader.TokenType == JsonTokenType.Null;
            var wrong = members.Current switch
            {
                Member.Type => Type(reader, place, out isImage),
                Member.FileId when !isNull => InputItems.FileReference(place.Of("file_id")),
                Member.Text when !isNull => (hasText = reader.TokenType == JsonTokenType.String) ? null : place.MustBe(Member.Text, "a string"),
                Member.ImageUrl when !isNull => Image(reader, place, ref images),
                _ => null,
            };
            if (wrong is not null)
                return wrong;
            reader.Skip();
        }

        if (members.Repeated != Member.Other)
            return place.Repeated(members.Repeated);
        if (!members.Saw(Member.Type))
            return place.Missing(Member.Type);
        if (!isImage)
            return hasText ? null : place.Missing(Member.Text);
        return images.Count > imagesBefore ? NoImages(model, place) : place.Missing(Member.ImageUrl);
    }

    /// <summary>A part of a reasoning item, which is only ever handed back: <c>summary_text</c> or <c>reasoning_text</c>.</summary>
    public static ApiError? CheckReasoning(ref Utf8JsonReader reader, ItemPlace place)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest("A content part must be an object.", place.Of());
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current == Member.Type && reader.TokenType != JsonTokenType.String)
                return place.MustBe(Member.Type, "a string");
            if (members.Current == Member.Type && !reader.ValueTextEquals("summary_text"u8) && !reader.ValueTextEquals("reasoning_text"u8))
            {
                return ApiError.UnsupportedCapability(
                    $"Parts of type '{JsonText.Shown(reader)}' are not supported in a reasoning item.", place.Of("type"));
            }

            if (members.Current == Member.Text && reader.TokenType != JsonTokenType.String)
                return place.MustBe(Member.Text, "a string");
            reader.Skip();
        }

        return members.Repeated != Member.Other ? place.Repeated(members.Repeated) : place.Needs(members, Member.Type);
    }

    /// <summary>The refusal of an image on a model that takes none, or null.</summary>
    public static ApiError? NoImages(TextModel model, ItemPlace place) =>
        model.ImageInput ? null : ApiError.UnsupportedCapability($"The model '{model.Id}' takes no images.", place.Of("type"));

    private static ApiError? Type(in Utf8JsonReader reader, ItemPlace place, out bool isImage)
    {
        isImage = false;
        if (reader.TokenType != JsonTokenType.String)
            return place.MustBe(Member.Type, "a string");
        switch (JsonText.Word(reader, stackalloc char[JsonText.LongestWord]))
        {
            case "input_text" or "output_text":
                return null;
            case "input_image":
                isImage = true;
                return null;
            case "input_file":
                return InputItems.FileReference(place.Of("type"));
            default:
                return ApiError.UnsupportedCapability(
                    $"Content of type '{JsonText.Shown(reader)}' is not supported; input_text, output_text and input_image are.", place.Of("type"));
        }
    }

    private static ApiError? Image(in Utf8JsonReader reader, ItemPlace place, ref ImageTally images)
    {
        if (!ImageReference.IsTaken(reader))
        {
            return ApiError.InvalidRequest(
                $"'image_url' {ImageReference.Rule}.",
                place.Of("image_url"),
                reader.TokenType == JsonTokenType.StartObject ? "Here image_url is a string; the object form belongs to 'messages'." : null);
        }

        images.Add(JsonText.DecodedBytes(reader));
        return null;
    }
}
