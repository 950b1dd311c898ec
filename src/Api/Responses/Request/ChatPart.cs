using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>Checks one part of a chat message: <c>text</c>, and in a user's message <c>image_url</c>.</summary>
internal static class ChatPart
{
    /// <summary>Checks the part that the reader stands on.</summary>
    public static ApiError? Check(ref Utf8JsonReader reader, ChatRole role, ItemPlace place, TextModel model, ref ImageTally images)
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
                Member.Type => Type(reader, role, place, out isImage),
                Member.FileId when !isNull => InputItems.FileReference(place.Of("file_id")),
                Member.Text when !isNull => (hasText = reader.TokenType == JsonTokenType.String) ? null : place.MustBe(Member.Text, "a string"),
                Member.ImageUrl when !isNull => Image(ref reader, place, ref images),
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
        return images.Count > imagesBefore ? ContentPart.NoImages(model, place) : place.Missing(Member.ImageUrl);
    }

    private static ApiError? Type(in Utf8JsonReader reader, ChatRole role, ItemPlace place, out bool isImage)
    {
        isImage = false;
        if (reader.TokenType != JsonTokenType.String)
            return place.MustBe(Member.Type, "a string");
        switch (JsonText.Word(reader, stackalloc char[JsonText.LongestWord]))
        {
            case "text":
                return null;
            case "image_url" when role == ChatRole.User:
                isImage = true;
                return null;
            case "image_url":
                return ApiError.UnsupportedCapability("Images are supported in messages of the user only.", place.Of("type"));
            case "file" or "input_file":
                return InputItems.FileReference(place.Of("type"));
            default:
                return ApiError.UnsupportedCapability(
                    $"Content of type '{JsonText.Shown(reader)}' is not supported in messages; text and image_url are.", place.Of("type"));
        }
    }

    // {"url":"…","detail":"…"} as OpenAI documents it, or the bare string that some clients send.
    private static ApiError? Image(ref Utf8JsonReader reader, ItemPlace place, ref ImageTally images)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Reference(reader, place, "image_url", ref images);
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current == Member.Url && Reference(reader, place, "image_url.url", ref images) is { } wrong)
                return wrong;
            if (members.Current == Member.Detail && reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                return place.MustBe(Member.Detail, "a string");
            reader.Skip();
        }

        return members.Repeated != Member.Other ? place.Repeated(members.Repeated) : place.Needs(members, Member.Url);
    }

    private static ApiError? Reference(in Utf8JsonReader reader, ItemPlace place, string member, ref ImageTally images)
    {
        if (!ImageReference.IsTaken(reader))
            return ApiError.InvalidRequest($"'{member}' {ImageReference.Rule}.", place.Of(member));
        images.Add(JsonText.DecodedBytes(reader));
        return null;
    }
}
