using System.Text;
using System.Text.Json;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>Reads <c>input</c>: a string, or items (xAI contract, section 3.2).</summary>
internal sealed class InputReader
{
    private static readonly string[] OtherItems =
    [
        "compaction", "shell_call", "shell_call_output", "custom_tool_call", "custom_tool_call_output", "web_search_call", "x_search_call", "file_search_call",
        "code_interpreter_call", "code_execution_call", "view_image_call", "view_x_video_call", "image_generation_call", "mcp_call",
    ];

    private readonly Types _types;
    private readonly StringBuilder _text = new();
    private string _lastUserText = "";
    private string? _toolOutput;
    private int _images;

    private InputReader(Types types) => _types = types;

    /// <summary>Reads the member of that name.</summary>
    public static Conversation Read(JsonElement root, Types types)
    {
        var reader = new InputReader(types);
        if (Types.Member(root, "input") is not { } input)
            types.Complain("missing field `input`");
        else if (input.ValueKind == JsonValueKind.String)
            reader.AddUserText(input.GetString()!);
        else
            reader.ReadItems(types.Array(root, "input"));
        var text = reader._text.ToString();
        return new Conversation(text, reader._lastUserText, reader._toolOutput, Encoding.UTF8.GetByteCount(text), reader._images);
    }

    private void ReadItems(IReadOnlyList<JsonElement> items)
    {
        foreach (var item in items)
        {
            if (item.ValueKind == JsonValueKind.Object)
                ReadItem(item);
            else
                _types.Complain("input: invalid type, expected an object");
        }
    }

    private void ReadItem(JsonElement item)
    {
        // The type of a message may be left out.
        var type = _types.Text(item, "type") ?? "message";
        _toolOutput = null;
        switch (type)
        {
            case "message":
                ReadMessage(item);
                break;
            case "function_call":
                _types.RequiredText(item, "call_id");
                Add(_types.RequiredText(item, "name"));
                Add(_types.RequiredText(item, "arguments"));
                break;
            case "function_call_output":
                _types.RequiredText(item, "call_id");
                _toolOutput = ReadContent(item, "output");
                break;
            case "reasoning":
                foreach (var part in _types.Array(item, "summary"))
                    ReadPart(part);
                break;
            default:
                if (!OtherItems.Contains(type))
                    _types.Complain($"input: unknown variant `{type}`");
                break;
        }
    }

    private void ReadMessage(JsonElement item)
    {
        _types.RequiredText(item, "role");
        var role = _types.Word(item, "role", "user", "assistant", "system", "developer");
        var text = ReadContent(item, "content");
        if (role == "user")
            _lastUserText = text;
    }

    /// <summary>A string, or parts.</summary>
    private string ReadContent(JsonElement item, string name)
    {
        if (Types.Member(item, name) is not { } content)
        {
            _types.Complain($"missing field `{name}`");
            return "";
        }

        return content.ValueKind == JsonValueKind.String ? Add(content.GetString()!) : string.Concat(_types.Array(item, name).Select(ReadPart));
    }

    private string ReadPart(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            _types.Complain("content: invalid type, expected an object");
            return "";
        }

        switch (_types.RequiredText(part, "type"))
        {
            case "input_text" or "output_text" or "summary_text":
                return Add(_types.RequiredText(part, "text"));
            case "input_image":
                // A string, unlike the object of chat completions.
                _types.Text(part, "image_url");
                _images++;
                return "";
            case "input_file":
                return "";
            case var other:
                _types.Complain($"content: unknown variant `{other}`");
                return "";
        }
    }

    private void AddUserText(string text) => _lastUserText = Add(text);

    private string Add(string text)
    {
        _text.Append(text);
        return text;
    }
}
