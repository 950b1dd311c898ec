namespace LlmTr.Xai.Streaming;

/// <summary>Two facts about UTF-8 that the stream's readers need.</summary>
internal static class Utf8
{
    /// <summary>The byte order mark, which may open a stream and means nothing.</summary>
    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// The number of UTF-8 bytes of a JSON string once its escapes are resolved, without resolving them.
    /// </summary>
    /// <param name="escaped">What stands between the quotes, already checked by a JSON reader.</param>
    public static int UnescapedLength(ReadOnlySpan<byte> escaped)
    {
        var length = 0;
        while (true)
        {
            var backslash = escaped.IndexOf((byte)'\\');
            if (backslash < 0)
                return length + escaped.Length;

            length += backslash;
            escaped = escaped[backslash..];
            if (escaped[1] != 'u')
            {
                length++;
                escaped = escaped[2..];
                continue;
            }

            var unit = CodeUnit(escaped);
            escaped = escaped[6..];
            if (char.IsHighSurrogate(unit) && escaped is [(byte)'\\', (byte)'u', ..] && char.IsLowSurrogate(CodeUnit(escaped)))
            {
                length += 4;
                escaped = escaped[6..];
                continue;
            }

            // A lone half of a pair counts as the replacement character, three bytes too.
            length += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
        }
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape)
    {
        var unit = 0;
        foreach (var digit in escape.Slice(2, 4))
            unit = (unit << 4) | ((digit & 0x0F) + (digit > '9' ? 9 : 0));
        return (char)unit;
    }
}
