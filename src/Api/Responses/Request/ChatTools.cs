using System.Buffers;
using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>
/// <c>tools</c> and <c>tool_choice</c> as chat completions writes them, checked and written as <c>/v1/responses</c> has them: the members of
/// <c>function</c> stand beside <c>type</c> there. As in <see cref="ToolFields"/>, only functions pass.
/// </summary>
internal static class ChatTools
{
    private const string FlatForm =
        "This is the form of /v1/responses. In chat completions the members stand inside 'function': {\"type\":\"function\",\"function\":{\"name\":…}}.";

    /// <summary>Checks both fields.</summary>
    public static ApiError? Check(RequestBody<BodyField> body, TextModel model) => Tools(body, model) ?? Choice(body);

    /// <summary>Writes the list of tools.</summary>
    /// <param name="tools">A value of <c>tools</c> that has passed the check.</param>
    /// <param name="writer">Where to.</param>
    public static void WriteList(ReadOnlySpan<byte> tools, IBufferWriter<byte> writer)
    {
        var reader = StrictJson.Open(tools);
        var separator = "["u8;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            writer.Write(separator);
            separator = ","u8;
            Flattened(JsonCopy.Value(tools, ref reader), writer);
        }

        // An empty list has written nothing yet.
        writer.Write(separator[0] == '[' ? "[]"u8 : "]"u8);
    }

    /// <summary>Writes the choice.</summary>
    /// <param name="choice">A value of <c>tool_choice</c> that has passed the check.</param>
    /// <param name="writer">Where to.</param>
    public static void WriteChoice(ReadOnlySpan<byte> choice, IBufferWriter<byte> writer)
    {
        if (choice[0] == '{')
            Flattened(choice, writer);
        else
            writer.Write(choice);
    }

    private static void Flattened(ReadOnlySpan<byte> tool, IBufferWriter<byte> writer)
    {
        writer.Write("{\"type\":\"function\""u8);
        var reader = StrictJson.Open(tool);
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            var value = JsonCopy.Value(tool, ref reader);
            if (members.Current == Member.Function)
                JsonCopy.Members(value, Member.Type, isFirst: false, writer);
        }

        writer.Write("}"u8);
    }

    private static ApiError? Tools(RequestBody<BodyField> body, TextModel model)
    {
        if (!body.Has(BodyField.Tools))
            return null;
        var reader = body.Open(BodyField.Tools);
        if (reader.TokenType != JsonTokenType.StartArray)
            return ApiError.InvalidRequest("The field 'tools' must be a list.", "tools");
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i == ToolFields.MostTools)
                return ApiError.InvalidRequest($"The field 'tools' may hold at most {ToolFields.MostTools} tools.", "tools");
            if (reader.TokenType != JsonTokenType.StartObject)
                return ApiError.InvalidRequest("A tool must be an object.", $"tools[{i}]");
            if (Tool(ref reader, $"tools[{i}]", "Tools") is { } wrong)
                return wrong;
            if (!model.FunctionTools)
                return ApiError.UnsupportedCapability($"The model '{model.Id}' takes no function tools; use another model.", "tools");
        }

        return null;
    }

    private static ApiError? Choice(RequestBody<BodyField> body)
    {
        const string complaint = "The field 'tool_choice' must be \"auto\", \"none\", \"required\" or {\"type\":\"function\",\"function\":{\"name\":…}}.";
        if (!body.Has(BodyField.ToolChoice))
            return null;
        var reader = body.Open(BodyField.ToolChoice);
        if (reader.TokenType == JsonTokenType.StartObject)
            return Tool(ref reader, "tool_choice", "Choices");
        return reader.TokenType == JsonTokenType.String && JsonText.Word(reader, stackalloc char[JsonText.LongestWord]) is "auto" or "none" or "required"
            ? null
            : ApiError.InvalidRequest(complaint, "tool_choice");
    }

    private static ApiError? Tool(ref Utf8JsonReader reader, string place, string things)
    {
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            var wrong = members.Current switch
            {
                Member.Type when reader.TokenType != JsonTokenType.String => ApiError.InvalidRequest("'type' must be the string \"function\".", $"{place}.type"),
                Member.Type when !reader.ValueTextEquals("function"u8) => ApiError.UnsupportedCapability(
                    $"{things} of type '{JsonText.Shown(reader)}' are not supported; only 'function' is, which your own program runs.", $"{place}.type"),
                Member.Function when reader.TokenType != JsonTokenType.StartObject => ApiError.InvalidRequest(
                    "'function' must be an object.", $"{place}.function"),
                Member.Function => Function(ref reader, $"{place}.function"),
                _ => null,
            };
            if (wrong is not null)
                return wrong;
            reader.Skip();
        }

        if (members.Repeated is Member.Type or Member.Function)
            return Repeated(members.Repeated, place);
        if (!members.Saw(Member.Type))
            return ApiError.InvalidRequest("'type' is missing; it must be \"function\".", $"{place}.type");
        return members.Saw(Member.Function)
            ? null
            : ApiError.InvalidRequest("'function' is missing.", $"{place}.function", members.Saw(Member.Name) ? FlatForm : null);
    }

    private static ApiError? Function(ref Utf8JsonReader reader, string place)
    {
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            switch (members.Current)
            {
                case Member.Name when reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty:
                    return ApiError.InvalidRequest("A function's 'name' must be a string that is not empty.", $"{place}.name");
                case Member.Parameters when reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null):
                    return ApiError.InvalidRequest("A function's 'parameters' must be an object, a JSON schema.", $"{place}.parameters");
            }

            reader.Skip();
        }

        if (members.Repeated != Member.Other)
            return Repeated(members.Repeated, place);
        return members.Saw(Member.Name) ? null : ApiError.InvalidRequest("A function needs a 'name'.", $"{place}.name");
    }

    private static ApiError Repeated(Member member, string place) =>
        ApiError.InvalidRequest($"'{MemberWalk.JsonName(member)}' is there twice.", $"{place}.{MemberWalk.JsonName(member)}");
}
