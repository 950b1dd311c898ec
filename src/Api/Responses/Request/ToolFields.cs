using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>
/// Checks <c>tools</c> and <c>tool_choice</c>. Functions run at the client; every other type runs at xAI and costs money beyond the quote
/// (xAI contract, section 3.4), so this is an allow-list of one.
/// </summary>
internal static class ToolFields
{
    /// <summary>The most tools of one request (xAI contract, section 3.1).</summary>
    public const int MostTools = 128;

    /// <summary>Checks both fields.</summary>
    public static ApiError? Check(RequestBody<BodyField> body, TextModel model) => Tools(body, model) ?? Choice(body);

    private static ApiError? Tools(RequestBody<BodyField> body, TextModel model)
    {
        if (!body.Has(BodyField.Tools))
            return null;
        var reader = body.Open(BodyField.Tools);
        if (reader.TokenType != JsonTokenType.StartArray)
            return ApiError.InvalidRequest("The field 'tools' must be a list.", "tools");
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i == MostTools)
                return ApiError.InvalidRequest($"The field 'tools' may hold at most {MostTools} tools.", "tools");
            if (Tool(ref reader, $"tools[{i}]") is { } wrong)
                return wrong;
            if (!model.FunctionTools)
                return ApiError.UnsupportedCapability($"The model '{model.Id}' takes no function tools; use another model.", "tools");
        }

        return null;
    }

    private static ApiError? Tool(ref Utf8JsonReader reader, string place)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest("A tool must be an object.", place);
        var members = new MemberWalk();
        var isNested = false;
        while (members.Next(ref reader))
        {
            switch (members.Current)
            {
                case Member.Type when reader.TokenType != JsonTokenType.String:
                    return ApiError.InvalidRequest("A tool's 'type' must be the string \"function\".", $"{place}.type");
                case Member.Type when !reader.ValueTextEquals("function"u8):
                    return ApiError.UnsupportedCapability(
                        $"Tools of type '{JsonText.Shown(reader)}' are not supported; only 'function' is, which your own program runs.", $"{place}.type");
                case Member.Name when reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty:
                    return ApiError.InvalidRequest("A function tool's 'name' must be a string that is not empty.", $"{place}.name");
                case Member.Parameters when reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null):
                    return ApiError.InvalidRequest("A function tool's 'parameters' must be an object, a JSON schema.", $"{place}.parameters");
                case Member.Function:
                    isNested = reader.TokenType == JsonTokenType.StartObject;
                    break;
            }

            reader.Skip();
        }

        if (members.Repeated != Member.Other)
            return Repeated(members.Repeated, place);
        if (!members.Saw(Member.Type))
            return ApiError.InvalidRequest("A tool needs a 'type', which must be \"function\".", $"{place}.type");
        if (members.Saw(Member.Name))
            return null;
        return ApiError.InvalidRequest(
            "A function tool needs a 'name'.",
            $"{place}.name",
            isNested ? "This is the form of chat completions. Here the members of 'function' stand beside 'type': {\"type\":\"function\",\"name\":…}." : null);
    }

    private static ApiError? Choice(RequestBody<BodyField> body)
    {
        const string complaint = "The field 'tool_choice' must be \"auto\", \"none\", \"required\" or {\"type\":\"function\",\"name\":…}.";
        if (!body.Has(BodyField.ToolChoice))
            return null;
        var reader = body.Open(BodyField.ToolChoice);
        if (reader.TokenType == JsonTokenType.String)
        {
            return JsonText.Word(reader, stackalloc char[JsonText.LongestWord]) is "auto" or "none" or "required"
                ? null
                : ApiError.InvalidRequest(complaint, "tool_choice");
        }

        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest(complaint, "tool_choice");
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current is Member.Type or Member.Name && reader.TokenType != JsonTokenType.String)
                return ApiError.InvalidRequest(complaint, "tool_choice");
            if (members.Current == Member.Type && !reader.ValueTextEquals("function"u8))
            {
                return ApiError.UnsupportedCapability(
                    $"A tool choice of type '{JsonText.Shown(reader)}' is not supported; only 'function' is.", "tool_choice.type");
            }

            reader.Skip();
        }

        if (members.Repeated != Member.Other)
            return Repeated(members.Repeated, "tool_choice");
        return members.Saw(Member.Type) && members.Saw(Member.Name) ? null : ApiError.InvalidRequest(complaint, "tool_choice");
    }

    private static ApiError Repeated(Member member, string place) =>
        ApiError.InvalidRequest($"'{MemberWalk.JsonName(member)}' is there twice.", $"{place}.{MemberWalk.JsonName(member)}");
}
