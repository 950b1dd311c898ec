using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmTr.Api.Requests.Forms;

/// <summary>Writes a form's fields as the JSON that they would have been, so that one set of rules reads both.</summary>
internal sealed class FormFields : IDisposable
{
    // No number is longer.
    private const int LongestLiteral = 64;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private readonly HashSet<string> _hints = new(StringComparer.Ordinal);
    private readonly Utf8JsonWriter _json;
    private readonly IFormShape _shape;

    public FormFields(IFormShape shape)
    {
        _shape = shape;
        _json = new Utf8JsonWriter(_bytes);
        _json.WriteStartObject();
    }

    /// <summary>Writes a field. A name that comes twice is written twice: who reads the JSON refuses it.</summary>
    public void Write(string name, string text)
    {
        // OpenAI's clients put brackets behind the names of lists, and around the members of objects.
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        var hint = bracket < 0 ? name : name[..bracket];
        if (_shape.IsHint(hint))
        {
            if (_hints.Add(hint))
                _json.WriteBoolean(hint, true);
        }
        else if (_shape.IsLiteral(name) && IsLiteral(text))
        {
            _json.WritePropertyName(name);
            _json.WriteRawValue(text);
        }
        else
        {
            _json.WriteString(name, text);
        }
    }

    /// <summary>The object, finished.</summary>
    public byte[] ToJson()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _bytes.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private static bool IsLiteral(string text)
    {
        if (text.Length > LongestLiteral)
            return false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            return reader.Read() && reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
