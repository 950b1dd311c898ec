using System.Buffers;
using System.Text.Json;

using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Responses;

/// <summary>
/// Writes checked chat messages as items of <c>/v1/responses</c>: a message stays one, an assistant's tool calls become <c>function_call</c>
/// items behind it, a tool's message becomes a <c>function_call_output</c>. Texts are copied as they stand in the body, escapes and all.
/// </summary>
internal struct ChatConversion
{
    private readonly IBufferWriter<byte> _writer;
    private bool _isFirst = true;

    private ChatConversion(IBufferWriter<byte> writer) => _writer = writer;

    /// <summary>Writes the list of items.</summary>
    /// <param name="messages">The value of <c>messages</c>, which <see cref="ChatMessages"/> has passed.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(ReadOnlySpan<byte> messages, IBufferWriter<byte> writer)
    {
        var conversion = new ChatConversion(writer);
        var reader = StrictJson.Open(messages);
        writer.Write("["u8);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            conversion.Message(messages, ref reader);
        writer.Write("]"u8);
    }

    private void Message(ReadOnlySpan<byte> messages, ref Utf8JsonReader reader)
    {
        var role = ChatMessages.RoleOf(reader);
        ReadOnlySpan<byte> content = default, calls = default, callId = default;
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            var isNull = reader.TokenType == JsonTokenType.Null;
            var value = JsonCopy.Value(messages, ref reader);
            switch (members.Current)
            {
                case Member.Content when !isNull: content = value; break;
                case Member.ToolCalls when !isNull: calls = value; break;
                case Member.ToolCallId: callId = value; break;
            }
        }

        if (role == ChatRole.Tool)
        {
            ToolOutput(callId, content);
            return;
        }

        // An assistant that only calls tools says nothing, which clients write as null, as an empty string or not at all.
        if (!content.IsEmpty && !(!calls.IsEmpty && content.SequenceEqual("\"\""u8)))
            Spoken(role, content);
        if (!calls.IsEmpty)
            ToolCalls(calls);
    }

    private void Spoken(ChatRole role, ReadOnlySpan<byte> content)
    {
        Separate();
        _writer.Write("{\"type\":\"message\",\"role\":\""u8);
        _writer.Write(role switch
        {
            ChatRole.System => "system"u8,
            ChatRole.Developer => "developer"u8,
            ChatRole.Assistant => "assistant"u8,
            _ => "user"u8,
        });
        _writer.Write("\",\"content\":"u8);
        if (content[0] == '"')
            _writer.Write(content);
        else
            Parts(content, role == ChatRole.Assistant ? "{\"type\":\"output_text\",\"text\":"u8 : "{\"type\":\"input_text\",\"text\":"u8);
        _writer.Write("}"u8);
    }

    private readonly void Parts(ReadOnlySpan<byte> parts, ReadOnlySpan<byte> textStart)
    {
        var reader = StrictJson.Open(parts);
        var separator = "["u8;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            _writer.Write(separator);
            separator = ","u8;
            ReadOnlySpan<byte> text = default, image = default;
            var isImage = false;
            var members = new MemberWalk();
            while (members.Next(ref reader))
            {
                isImage |= members.Current == Member.Type && reader.ValueTextEquals("image_url"u8);
                var value = JsonCopy.Value(parts, ref reader);
                if (members.Current == Member.Text)
                    text = value;
                else if (members.Current == Member.ImageUrl)
                    image = value;
            }

            if (isImage)
            {
                Image(image);
            }
            else
            {
                _writer.Write(textStart);
                _writer.Write(text);
            }

            _writer.Write("}"u8);
        }

        _writer.Write("]"u8);
    }

    private readonly void Image(ReadOnlySpan<byte> image)
    {
        ReadOnlySpan<byte> url = image, detail = default;
        if (image[0] == '{')
        {
            var reader = StrictJson.Open(image);
            var members = new MemberWalk();
            while (members.Next(ref reader))
            {
                var value = JsonCopy.Value(image, ref reader);
                if (members.Current == Member.Url)
                    url = value;
                else if (members.Current == Member.Detail && reader.TokenType == JsonTokenType.String)
                    detail = value;
            }
        }

        _writer.Write("{\"type\":\"input_image\",\"image_url\":"u8);
        _writer.Write(url);
        if (detail.IsEmpty)
            return;
        _writer.Write(",\"detail\":"u8);
        _writer.Write(detail);
    }

    private void ToolCalls(ReadOnlySpan<byte> calls)
    {
        var reader = StrictJson.Open(calls);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ReadOnlySpan<byte> id = default, function = default;
            var members = new MemberWalk();
            while (members.Next(ref reader))
            {
                var value = JsonCopy.Value(calls, ref reader);
                if (members.Current == Member.Id)
                    id = value;
                else if (members.Current == Member.Function)
                    function = value;
            }

            Separate();
            _writer.Write("{\"type\":\"function_call\",\"call_id\":"u8);
            _writer.Write(id);
            Function(function);
            _writer.Write("}"u8);
        }
    }

    private readonly void Function(ReadOnlySpan<byte> function)
    {
        var reader = StrictJson.Open(function);
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            var value = JsonCopy.Value(function, ref reader);
            if (members.Current is not (Member.Name or Member.Arguments))
                continue;
            _writer.Write(members.Current == Member.Name ? ",\"name\":"u8 : ",\"arguments\":"u8);
            _writer.Write(value);
        }
    }

    private void ToolOutput(ReadOnlySpan<byte> callId, ReadOnlySpan<byte> content)
    {
        Separate();
        _writer.Write("{\"type\":\"function_call_output\",\"call_id\":"u8);
        _writer.Write(callId);
        _writer.Write(",\"output\":"u8);
        if (content[0] == '"')
            _writer.Write(content);
        else
            JoinedTexts(content);
        _writer.Write("}"u8);
    }

    // The output is one string at xAI. Escapes may be joined as they stand: no text ends within a surrogate pair.
    private readonly void JoinedTexts(ReadOnlySpan<byte> parts)
    {
        var reader = StrictJson.Open(parts);
        _writer.Write("\""u8);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var members = new MemberWalk();
            while (members.Next(ref reader))
            {
                if (members.Current == Member.Text)
                    _writer.Write(reader.ValueSpan);
                reader.Skip();
            }
        }

        _writer.Write("\""u8);
    }

    private void Separate()
    {
        if (!_isFirst)
            _writer.Write(","u8);
        _isFirst = false;
    }
}
