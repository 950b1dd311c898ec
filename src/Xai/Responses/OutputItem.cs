using System.Text.Json;

namespace LlmTr.Xai.Responses;

/// <summary>
/// One item of a response's <c>output</c> (xAI contract, section 3.5), read in place: each value is JSON as xAI wrote it, a string with its quotes. What is
/// missing, or is not of the type that it should be, is empty. Of a member that comes twice the last one counts.
/// </summary>
public readonly ref struct OutputItem
{
    private readonly ReadOnlySpan<byte> _type;
    private readonly ReadOnlySpan<byte> _id;
    private readonly ReadOnlySpan<byte> _callId;

    private OutputItem(ReadOnlySpan<byte> json, scoped ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("type"u8))
                _type = JsonPass.NextOf(JsonTokenType.String, json, ref reader);
            else if (reader.IsNamed("id"u8))
                _id = JsonPass.NextOf(JsonTokenType.String, json, ref reader);
            else if (reader.IsNamed("call_id"u8))
                _callId = JsonPass.NextOf(JsonTokenType.String, json, ref reader);
            else if (reader.IsNamed("name"u8))
                Name = JsonPass.NextOf(JsonTokenType.String, json, ref reader);
            else if (reader.IsNamed("arguments"u8))
                Arguments = JsonPass.NextOf(JsonTokenType.String, json, ref reader);
            else if (reader.IsNamed("content"u8))
                Content = JsonPass.NextOf(JsonTokenType.StartArray, json, ref reader);
            else if (reader.IsNamed("summary"u8))
                Summary = JsonPass.NextOf(JsonTokenType.StartArray, json, ref reader);
            else
                reader.Skip();
        }
    }

    /// <summary>True for a <c>function_call</c>.</summary>
    public bool IsFunctionCall => _type.SequenceEqual("\"function_call\""u8);

    /// <summary>True for a <c>message</c>.</summary>
    public bool IsMessage => _type.SequenceEqual("\"message\""u8);

    /// <summary>True for a <c>reasoning</c> item.</summary>
    public bool IsReasoning => _type.SequenceEqual("\"reasoning\""u8);

    /// <summary>By what a function's output names its call: <c>call_id</c>, or the item's own <c>id</c> where that is missing.</summary>
    public ReadOnlySpan<byte> CallId => _callId.IsEmpty ? _id : _callId;

    /// <summary>The function's name.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The function's arguments: a string that holds JSON.</summary>
    public ReadOnlySpan<byte> Arguments { get; }

    /// <summary>The list of a message's parts.</summary>
    public ReadOnlySpan<byte> Content { get; }

    /// <summary>The list of a reasoning item's summary parts.</summary>
    public ReadOnlySpan<byte> Summary { get; }

    /// <summary>Reads the value under the reader and leaves the reader at its end; nothing is found in a value that is no object.</summary>
    /// <exception cref="JsonException">The JSON is broken or ends too early.</exception>
    internal static OutputItem Read(ReadOnlySpan<byte> json, scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            return new OutputItem(json, ref reader);
        reader.Skip();
        return default;
    }
}
