using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>
/// Checks <c>messages</c>, the conversation as chat completions writes it, for <see cref="ChatConversion"/> to turn into items. Members that
/// have no place in an item (<c>name</c>, <c>refusal</c>, <c>annotations</c> and the like) are left out there.
/// </summary>
internal static class ChatMessages
{
    /// <summary>Checks the field and counts its images.</summary>
    public static ApiError? Check(RequestBody<BodyField> body, TextModel model, ref ImageTally images)
    {
        var reader = body.Open(BodyField.Messages);
        if (reader.TokenType != JsonTokenType.StartArray)
            return ApiError.InvalidRequest("The field 'messages' must be a list of messages.", "messages");
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (Message(ref reader, new ItemPlace("messages", count), model, ref images) is { } wrong)
                return wrong;
        }

        if (count == 0)
            return ApiError.InvalidRequest("The field 'messages' must not be an empty list.", "messages");
        return body.HasFileReference(BodyField.Messages) ? InputItems.FileReference("messages") : null;
    }

    /// <summary>The role of the message whose first brace the reader, a copy, stands on.</summary>
    public static ChatRole RoleOf(Utf8JsonReader reader)
    {
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current == Member.Role)
            {
                return Named(reader);
            }

            reader.Skip();
        }

        return ChatRole.Unknown;
    }

    private static ChatRole Named(in Utf8JsonReader role) =>
        role.TokenType != JsonTokenType.String ? ChatRole.Unknown : JsonText.Word(role, stackalloc char[JsonText.LongestWord]) switch
        {
            "system" => ChatRole.System,
            "developer" => ChatRole.Developer,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" => ChatRole.Tool,
            _ => ChatRole.Unknown,
        };

    private static ApiError? Message(ref Utf8JsonReader reader, ItemPlace place, TextModel model, ref ImageTally images)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest("A message must be an object.", place.Of());
        var role = RoleOf(reader);
        if (role == ChatRole.Unknown)
            return ApiError.InvalidRequest("A message's 'role' must be system, developer, user, assistant or tool.", place.Of("role"));

        var hasContent = false;
        var hasCalls = false;
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            var isNull = reader.TokenType == JsonTokenType.Null;
            var wrong = members.Current switch
            {
                Member.Content when !isNull => Content(ref reader, role, place, model, ref images, out hasContent),
                Member.ToolCalls when !isNull => ToolCalls(ref reader, role, place, out hasCalls),
                Member.ToolCallId when role == ChatRole.Tool && reader.TokenType != JsonTokenType.String => place.MustBe(Member.ToolCallId, "a string"),
                Member.FunctionCall when !isNull => ApiError.UnsupportedCapability(
                    "'function_call' is not supported; use 'tool_calls'.", place.Of("function_call")),
                Member.Audio when !isNull => ApiError.UnsupportedCapability("Audio is not supported in messages.", place.Of("audio")),
                _ => null,
            };
            if (wrong is not null)
                return wrong;
            reader.Skip();
        }

        if (members.Repeated != Member.Other)
            return place.Repeated(members.Repeated);
        if (role == ChatRole.Tool && !members.Saw(Member.ToolCallId))
            return place.Missing(Member.ToolCallId);
        return hasContent || hasCalls ? null : place.Missing(Member.Content);
    }

    private static ApiError? Content(
        ref Utf8JsonReader reader, ChatRole role, ItemPlace place, TextModel model, ref ImageTally images, out bool hasContent)
    {
        hasContent = true;
        if (reader.TokenType == JsonTokenType.String)
            return null;
        if (reader.TokenType != JsonTokenType.StartArray)
            return ApiError.InvalidRequest("'content' must be a string or a list of parts.", place.Of("content"));
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (ChatPart.Check(ref reader, role, place with { Parts = "content", Part = count }, model, ref images) is { } wrong)
                return wrong;
        }

        return count == 0 ? ApiError.InvalidRequest("'content' must not be an empty list.", place.Of("content")) : null;
    }

    private static ApiError? ToolCalls(ref Utf8JsonReader reader, ChatRole role, ItemPlace place, out bool hasCalls)
    {
        hasCalls = true;
        if (role != ChatRole.Assistant)
            return ApiError.InvalidRequest("Only a message of the assistant has 'tool_calls'.", place.Of("tool_calls"));
        if (reader.TokenType != JsonTokenType.StartArray)
            return place.MustBe(Member.ToolCalls, "a list");
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (ToolCall(ref reader, place with { Parts = "tool_calls", Part = count }) is { } wrong)
                return wrong;
        }

        return count == 0 ? ApiError.InvalidRequest("'tool_calls' must not be an empty list.", place.Of("tool_calls")) : null;
    }

    private static ApiError? ToolCall(ref Utf8JsonReader reader, ItemPlace place)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest("A tool call must be an object.", place.Of());
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            var wrong = members.Current switch
            {
                Member.Id => reader.TokenType == JsonTokenType.String ? null : place.MustBe(Member.Id, "a string"),
                Member.Type when reader.TokenType != JsonTokenType.String => place.MustBe(Member.Type, "\"function\""),
                Member.Type when !reader.ValueTextEquals("function"u8) => ApiError.UnsupportedCapability(
                    $"Tool calls of type '{JsonText.Shown(reader)}' are not supported; only 'function' is.", place.Of("type")),
                Member.Function => Function(ref reader, place),
                _ => null,
            };
            if (wrong is not null)
                return wrong;
            reader.Skip();
        }

        return members.Repeated != Member.Other ? place.Repeated(members.Repeated) : place.Needs(members, Member.Id) ?? place.Needs(members, Member.Function);
    }

    private static ApiError? Function(ref Utf8JsonReader reader, ItemPlace place)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return place.MustBe(Member.Function, "an object");
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current is Member.Name or Member.Arguments && reader.TokenType != JsonTokenType.String)
                return place.MustBe(members.Current, "a string");
            reader.Skip();
        }

        return members.Repeated != Member.Other ? place.Repeated(members.Repeated) : place.Needs(members, Member.Name) ?? place.Needs(members, Member.Arguments);
    }
}
