using System.Buffers;
using System.Text.Json;

namespace LlmTr.Api.Requests.Json;

/// <summary>Copies parts of a body as they stand in it.</summary>
internal static class JsonCopy
{
    /// <summary>The value that the reader stands on, as it stands in the JSON; the reader goes to its end.</summary>
    /// <param name="json">What the reader reads.</param>
    /// <param name="reader">On the first token of a value.</param>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> json, scoped ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    /// <summary>Copies the members of an object, without its braces, with a comma before each but the first.</summary>
    /// <param name="json">The object.</param>
    /// <param name="except">The member to leave out.</param>
    /// <param name="isFirst">True when nothing stands before them.</param>
    /// <param name="writer">Where to.</param>
    public static void Members(ReadOnlySpan<byte> json, Member except, bool isFirst, IBufferWriter<byte> writer)
    {
        var reader = StrictJson.Open(json);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var start = (int)reader.TokenStartIndex;
            var member = MemberWalk.Named(reader);
            reader.Read();
            reader.Skip();
            if (member == except)
                continue;
            if (!isFirst)
                writer.Write(","u8);
            isFirst = false;
            writer.Write(json[start..(int)reader.BytesConsumed]);
        }
    }
}
