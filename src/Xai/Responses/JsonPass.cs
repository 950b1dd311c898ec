using System.Text.Json;

namespace LlmTr.Xai.Responses;

/// <summary>How the gateway goes over JSON that others wrote: one pass, no document, any depth.</summary>
internal static class JsonPass
{
    // The reader keeps one bit per level and does not recurse, so depth costs next to nothing. A limit would be a hole: xAI echoes a caller's
    // tools and schemas, and one nested deeper than the limit would hide what the call cost.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>A reader at the start of JSON that is there in full.</summary>
    public static Utf8JsonReader Over(ReadOnlySpan<byte> json) => new(json, AnyDepth);

    /// <summary>True when the property name under the reader is <paramref name="name"/>.</summary>
    public static bool IsNamed(this in Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped ? IsEscapedName(reader, name) : reader.ValueSpan.SequenceEqual(name);

    /// <summary>A count that is a whole number of 64 bits and not negative; null for any other value.</summary>
    public static long? ReadCount(ref Utf8JsonReader reader)
    {
        long? count = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= 0 ? value : null;
        reader.Skip();
        return count;
    }

    /// <summary>
    /// The value of the member whose name is under the reader, as it stands in the JSON, if it is of the type; else nothing. The reader goes to its end.
    /// </summary>
    /// <param name="type">What the value must begin with.</param>
    /// <param name="json">What the reader reads.</param>
    /// <param name="reader">On the name.</param>
    public static ReadOnlySpan<byte> NextOf(JsonTokenType type, ReadOnlySpan<byte> json, scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isOfType = reader.TokenType == type;
        reader.Skip();
        return isOfType ? json[start..(int)reader.BytesConsumed] : default;
    }

    private static bool IsEscapedName(in Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: a name, but none that anyone looks for.
            return false;
        }
    }
}
