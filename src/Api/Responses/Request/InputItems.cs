using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>
/// Checks <c>input</c>: a string, or items of four types with content parts of three. What is not on these lists is refused by name, because
/// some of the rest runs tools at xAI that cost money beyond the quote (xAI contract, section 3.4).
/// </summary>
internal static class InputItems
{
    private const string InlineOnly = "Nothing is stored here: put texts and images into the input itself.";

    /// <summary>Checks the field and counts its images.</summary>
    public static ApiError? Check(RequestBody<BodyField> body, TextModel model, ref ImageTally images)
    {
        var kind = body.KindOf(BodyField.Input);
        if (kind == JsonTokenType.String)
            return null;
        if (kind != JsonTokenType.StartArray)
            return ApiError.InvalidRequest("The field 'input' must be a string or a list of items.", "input");

        var reader = body.Open(BodyField.Input);
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (Item(ref reader, new ItemPlace("input", count), model, ref images) is { } wrong)
                return wrong;
        }

        if (count == 0)
            return ApiError.InvalidRequest("The field 'input' must not be an empty list.", "input");
        return body.HasFileReference(BodyField.Input) ? FileReference("input") : null;
    }

    /// <summary>The refusal of anything that names a stored or attached file.</summary>
    public static ApiError FileReference(string param) =>
        ApiError.UnsupportedCapability("File references ('file_id', 'input_file') are not supported.", param, InlineOnly);

    private static ApiError? Item(ref Utf8JsonReader reader, ItemPlace place, TextModel model, ref ImageTally images)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest("An input item must be an object.", place.Of());

        // What the other members must be hangs on the type, which may come last, so a copy of the reader looks for it first.
        if (TypeOf(reader, place, out var type) is { } wrongType)
            return wrongType;
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (CheckMember(ref reader, members.Current, type, place, model, ref images) is { } wrong)
                return wrong;
            reader.Skip();
        }

        return members.Repeated != Member.Other ? place.Repeated(members.Repeated) : Missing(members, type, place);
    }

    private static ApiError? TypeOf(Utf8JsonReader reader, ItemPlace place, out ItemType type)
    {
        type = ItemType.None;
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current == Member.Type)
            {
                if (reader.TokenType != JsonTokenType.String)
                    return ApiError.InvalidRequest("An input item's 'type' must be a string.", place.Of("type"));
                type = Named(reader);
                if (type == ItemType.None)
                    return UnknownType(reader, place);
            }

            reader.Skip();
        }

        if (type == ItemType.None && !members.Saw(Member.Role))
            return ApiError.InvalidRequest("An input item needs a 'type', or a 'role' when it is a message.", place.Of("type"));
        type = type == ItemType.None ? ItemType.Message : type;
        return null;
    }

    private static ItemType Named(in Utf8JsonReader type) => JsonText.Word(type, stackalloc char[JsonText.LongestWord]) switch
    {
        "message" => ItemType.Message,
        "reasoning" => ItemType.Reasoning,
        "function_call" => ItemType.FunctionCall,
        "function_call_output" => ItemType.FunctionCallOutput,
        _ => ItemType.None,
    };

    private static ApiError UnknownType(in Utf8JsonReader reader, ItemPlace place) =>
        reader.ValueTextEquals("item_reference"u8)
            ? ApiError.UnsupportedCapability(
                "Items of type 'item_reference' are not supported, because nothing is stored here.",
                place.Of("type"),
                "Set store:false in the client, so that it sends whole items.")
            : ApiError.UnsupportedCapability(
                $"Items of type '{JsonText.Shown(reader)}' are not supported; message, reasoning, function_call and function_call_output are.",
                place.Of("type"));

    private static ApiError? CheckMember(
        ref Utf8JsonReader reader, Member member, ItemType type, ItemPlace place, TextModel model, ref ImageTally images) => (type, member) switch
        {
            (ItemType.Message, Member.Role) => Role(reader, place),
            (ItemType.Message, Member.Content) => Content(ref reader, place, "content", model, ref images),
            (ItemType.FunctionCallOutput, Member.Output) => Content(ref reader, place, "output", model, ref images),
            (ItemType.FunctionCall, Member.Name or Member.CallId or Member.Arguments) or (ItemType.FunctionCallOutput, Member.CallId) =>
                reader.TokenType == JsonTokenType.String ? null : place.MustBe(member, "a string"),
            (ItemType.Reasoning, Member.Summary) => ReasoningParts(ref reader, place, "summary"),
            (ItemType.Reasoning, Member.Content) => reader.TokenType == JsonTokenType.Null ? null : ReasoningParts(ref reader, place, "content"),
            (ItemType.Reasoning, Member.EncryptedContent) =>
                reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? null : place.MustBe(member, "a string"),
            _ => null,
        };

    private static ApiError? Missing(in MemberWalk members, ItemType type, ItemPlace place) => type switch
    {
        ItemType.Message => place.Needs(members, Member.Role) ?? place.Needs(members, Member.Content),
        ItemType.FunctionCall => place.Needs(members, Member.CallId) ?? place.Needs(members, Member.Name) ?? place.Needs(members, Member.Arguments),
        ItemType.FunctionCallOutput => place.Needs(members, Member.CallId) ?? place.Needs(members, Member.Output),
        _ => null,
    };

    private static ApiError? Role(in Utf8JsonReader reader, ItemPlace place)
    {
        if (reader.TokenType != JsonTokenType.String)
            return place.MustBe(Member.Role, "a string");
        return JsonText.Word(reader, stackalloc char[JsonText.LongestWord]) is "user" or "assistant" or "system" or "developer"
            ? null
            : ApiError.InvalidRequest(
                $"A message's role must be user, assistant, system or developer, not '{JsonText.Shown(reader)}'.",
                place.Of("role"),
                "The result of a function is an item of type function_call_output.");
    }

    private static ApiError? Content(ref Utf8JsonReader reader, ItemPlace place, string member, TextModel model, ref ImageTally images)
    {
        if (reader.TokenType == JsonTokenType.String)
            return null;
        if (reader.TokenType != JsonTokenType.StartArray)
            return ApiError.InvalidRequest($"'{member}' must be a string or a list of parts.", place.Of(member));
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (ContentPart.Check(ref reader, place with { Parts = member, Part = count }, model, ref images) is { } wrong)
                return wrong;
        }

        return count == 0 ? ApiError.InvalidRequest($"'{member}' must not be an empty list.", place.Of(member)) : null;
    }

    private static ApiError? ReasoningParts(ref Utf8JsonReader reader, ItemPlace place, string member)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return ApiError.InvalidRequest($"'{member}' of a reasoning item must be a list.", place.Of(member));
        for (var count = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (ContentPart.CheckReasoning(ref reader, place with { Parts = member, Part = count }) is { } wrong)
                return wrong;
        }

        return null;
    }

    private enum ItemType
    {
        None,
        Message,
        Reasoning,
        FunctionCall,
        FunctionCallOutput,
    }
}
