using System.Buffers;
using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Responses;

/// <summary>
/// The form that the answer must have: <c>text.format</c>, or <c>response_format</c> as chat completions writes it, which becomes
/// <c>text.format</c>.
/// </summary>
internal static class TextFormat
{
    /// <summary>Checks both fields.</summary>
    public static ApiError? Check(RequestBody<BodyField> body)
    {
        if (CheckText(body, out var textHasFormat) is { } wrong)
            return wrong;
        if (!body.Has(BodyField.ResponseFormat))
            return null;
        return textHasFormat
            ? ApiError.InvalidRequest("The fields 'text.format' and 'response_format' say the same thing; send one of them.", "response_format")
            : CheckFormat(body.Open(BodyField.ResponseFormat), "response_format", mayNest: true);
    }

    /// <summary>True when there is a <c>text</c> to send.</summary>
    public static bool IsThere(RequestBody<BodyField> body) => body.Has(BodyField.Text) || body.Has(BodyField.ResponseFormat);

    /// <summary>Writes the value of <c>text</c>.</summary>
    public static void Write(RequestBody<BodyField> body, IBufferWriter<byte> writer)
    {
        if (!body.Has(BodyField.ResponseFormat))
        {
            writer.Write(body.Raw(BodyField.Text));
            return;
        }

        writer.Write("{\"format\":"u8);
        WriteFormat(body.Raw(BodyField.ResponseFormat), writer);
        if (body.Has(BodyField.Text))
            JsonCopy.Members(body.Raw(BodyField.Text), Member.Format, isFirst: false, writer);
        writer.Write("}"u8);
    }

    private static ApiError? CheckText(RequestBody<BodyField> body, out bool hasFormat)
    {
        hasFormat = false;
        if (!body.Has(BodyField.Text))
            return null;
        var reader = body.Open(BodyField.Text);
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest("The field 'text' must be an object.", "text");
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current == Member.Format && reader.TokenType != JsonTokenType.Null)
            {
                hasFormat = true;
                if (CheckFormat(reader, "text.format", mayNest: false) is { } wrong)
                    return wrong;
            }

            reader.Skip();
        }

        return members.Repeated == Member.Format ? Repeated(Member.Format, "text") : null;
    }

    private static ApiError? CheckFormat(Utf8JsonReader reader, string place, bool mayNest)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest($"The field '{place}' must be an object.", place);
        var members = new MemberWalk();
        var isSchema = false;
        while (members.Next(ref reader))
        {
            switch (members.Current)
            {
                case Member.Type when IsKnown(reader):
                    isSchema = reader.ValueTextEquals("json_schema"u8);
                    break;
                case Member.Type:
                    return ApiError.InvalidRequest($"The field '{place}.type' must be \"text\", \"json_object\" or \"json_schema\".", $"{place}.type");
                case Member.Name when reader.TokenType != JsonTokenType.String:
                    return ApiError.InvalidRequest($"The field '{place}.name' must be a string.", $"{place}.name");
                case Member.Schema when reader.TokenType != JsonTokenType.StartObject:
                    return ApiError.InvalidRequest($"The field '{place}.schema' must be an object, a JSON schema.", $"{place}.schema");
                case Member.JsonSchema when mayNest:
                    if (CheckSchema(reader, $"{place}.json_schema") is { } wrong)
                        return wrong;
                    break;
            }

            reader.Skip();
        }

        if (members.Repeated != Member.Other)
            return Repeated(members.Repeated, place);
        if (!members.Saw(Member.Type))
            return ApiError.InvalidRequest($"The field '{place}' needs a 'type'.", $"{place}.type");
        var isNested = mayNest && members.Saw(Member.JsonSchema);
        if (isNested && !isSchema)
            return ApiError.InvalidRequest($"The field '{place}.json_schema' goes with the type \"json_schema\" only.", $"{place}.json_schema");
        return isSchema && !isNested ? Lacks(members, place) : null;
    }

    private static bool IsKnown(in Utf8JsonReader type) =>
        type.TokenType == JsonTokenType.String
        && JsonText.Word(type, stackalloc char[JsonText.LongestWord]) is "text" or "json_object" or "json_schema";

    private static ApiError? CheckSchema(Utf8JsonReader reader, string place)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest($"The field '{place}' must be an object.", place);
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current == Member.Name && reader.TokenType != JsonTokenType.String)
                return ApiError.InvalidRequest($"The field '{place}.name' must be a string.", $"{place}.name");
            if (members.Current == Member.Schema && reader.TokenType != JsonTokenType.StartObject)
                return ApiError.InvalidRequest($"The field '{place}.schema' must be an object, a JSON schema.", $"{place}.schema");
            reader.Skip();
        }

        return members.Repeated != Member.Other ? Repeated(members.Repeated, place) : Lacks(members, place);
    }

    private static ApiError? Lacks(in MemberWalk members, string place) =>
        !members.Saw(Member.Name) ? ApiError.InvalidRequest($"The field '{place}.name' is missing.", $"{place}.name")
        : !members.Saw(Member.Schema) ? ApiError.InvalidRequest($"The field '{place}.schema' is missing.", $"{place}.schema")
        : null;

    // {"type":"json_schema","json_schema":{…}} is xAI's form with one wrapping too many.
    private static void WriteFormat(ReadOnlySpan<byte> format, IBufferWriter<byte> writer)
    {
        var reader = StrictJson.Open(format);
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            var value = JsonCopy.Value(format, ref reader);
            if (members.Current != Member.JsonSchema)
                continue;
            writer.Write("{\"type\":\"json_schema\""u8);
            JsonCopy.Members(value, Member.Type, isFirst: false, writer);
            writer.Write("}"u8);
            return;
        }

        writer.Write(format);
    }

    private static ApiError Repeated(Member member, string place) =>
        ApiError.InvalidRequest($"'{MemberWalk.JsonName(member)}' is there twice.", $"{place}.{MemberWalk.JsonName(member)}");
}
