using System.Text;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Wire;

/// <summary>Server-sent events as bytes: <c>event: TYPE</c>, <c>data: JSON</c>, an empty line (xAI contract, section 3.7), and ways to write the same differently.</summary>
internal static class Frames
{
    /// <summary>One frame.</summary>
    /// <param name="type">The event's name; null leaves the line out.</param>
    /// <param name="data">One line of data.</param>
    /// <param name="behaviour">Tells the line end, whether data is split, and whether a comment comes first.</param>
    public static byte[] Encode(string? type, ReadOnlySpan<byte> data, Behaviour behaviour)
    {
        var end = behaviour.LineEnd == LineEnd.Crlf ? "\r\n" : "\n";
        var text = new StringBuilder();
        if (behaviour.Comments)
            text.Append(": still here").Append(end);
        if (type is not null)
            text.Append("event: ").Append(type).Append(end);

        var json = Encoding.UTF8.GetString(data);
        // After an opening brace a line break is insignificant, so that the lines, joined as the standard says, are the same JSON.
        if (behaviour.SplitData && json.StartsWith('{'))
            text.Append("data: {").Append(end).Append("data: ").Append(json, 1, json.Length - 1);
        else
            text.Append("data: ").Append(json);
        return Encoding.UTF8.GetBytes(text.Append(end).Append(end).ToString());
    }

    /// <summary>Divides the bytes of a stream after every empty line. Together the parts are exactly the bytes.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> stream)
    {
        var frames = new List<ReadOnlyMemory<byte>>();
        var start = 0;
        var lineStart = 0;
        for (var i = 0; i < stream.Length; i++)
        {
            if (stream.Span[i] != (byte)'\n')
                continue;
            if (stream.Span[lineStart..i].TrimEnd((byte)'\r').IsEmpty)
            {
                frames.Add(stream[start..(i + 1)]);
                start = i + 1;
            }

            lineStart = i + 1;
        }

        if (start < stream.Length || frames.Count == 0)
            frames.Add(stream[start..]);
        return frames;
    }
}
