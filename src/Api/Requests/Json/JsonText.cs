using System.Text.Json;

namespace LlmTr.Api.Requests.Json;

/// <summary>Texts of a JSON body, read without making strings of them.</summary>
internal static class JsonText
{
    /// <summary>Bytes, as written in the body, of a name or word that is worth looking at. Nothing that is known here is as long, even with every character escaped.</summary>
    public const int LongestWord = 256;

    /// <summary>What <see cref="DecodedBytes(ReadOnlySpan{byte})"/> answers for half a surrogate pair.</summary>
    public const int NotUnicode = -1;

    /// <summary>
    /// The decoded text that the reader stands on, a name or a value, in the buffer's front. A text longer than the buffer yields nothing,
    /// which is no known word.
    /// </summary>
    public static ReadOnlySpan<char> Word(scoped in Utf8JsonReader reader, Span<char> buffer) =>
        reader.ValueSpan.Length > buffer.Length ? [] : buffer[..reader.CopyString(buffer)];

    /// <summary>The text that the reader stands on, to show in a complaint; a long one is not repeated to its sender.</summary>
    public static string Shown(in Utf8JsonReader reader) => reader.ValueSpan.IsEmpty ? "" : Shown(Word(reader, stackalloc char[LongestWord]));

    /// <summary>A word to show in a complaint; nothing is what did not fit into its buffer.</summary>
    public static string Shown(ReadOnlySpan<char> word)
    {
        const int longestShown = 64;
        return word.IsEmpty || word.Length > longestShown ? "(too long to show)" : word.ToString();
    }

    /// <summary>The UTF-8 bytes of the text that the reader stands on, once its escapes are undone.</summary>
    public static int DecodedBytes(in Utf8JsonReader reader) => reader.ValueIsEscaped ? DecodedBytes(reader.ValueSpan) : reader.ValueSpan.Length;

    /// <summary>
    /// The UTF-8 bytes of a text once its escapes are undone, or <see cref="NotUnicode"/>. The reader has checked that every escape is well
    /// formed, but not that surrogates come in pairs.
    /// </summary>
    /// <param name="raw">The text as it stands between its quotes.</param>
    public static int DecodedBytes(ReadOnlySpan<byte> raw)
    {
        var bytes = 0;
        for (var i = 0; i < raw.Length;)
        {
            if (raw[i] != '\\')
            {
                var plain = raw[i..].IndexOf((byte)'\\');
                if (plain < 0)
                    return bytes + raw.Length - i;
                bytes += plain;
                i += plain;
            }

            if (raw[i + 1] != 'u')
            {
                bytes++;
                i += 2;
                continue;
            }

            var unit = CodeUnit(raw[i..]);
            i += 6;
            if (!char.IsSurrogate(unit))
            {
                bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
                continue;
            }

            if (char.IsLowSurrogate(unit) || raw.Length - i < 6 || raw[i] != '\\' || raw[i + 1] != 'u' || !char.IsLowSurrogate(CodeUnit(raw[i..])))
                return NotUnicode;
            bytes += 4;
            i += 6;
        }

        return bytes;
    }

    /// <summary>The Unicode scalar values of a text, whatever way they are written in JSON.</summary>
    /// <param name="raw">The text as it stands between its quotes, known to be valid Unicode: every surrogate has its other half.</param>
    public static int Characters(ReadOnlySpan<byte> raw)
    {
        var count = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\\')
            {
                if (raw[i + 1] != 'u')
                {
                    i++;
                }
                else
                {
                    // D800 to DBFF: the other half follows, as one more escape.
                    i += char.IsHighSurrogate(CodeUnit(raw[i..])) ? 11 : 5;
                }

                count++;
            }
            else if ((raw[i] & 0xC0) != 0x80)
            {
                count++;
            }
        }

        return count;
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape)
    {
        var unit = 0;
        foreach (var digit in escape[2..6])
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        return (char)unit;
    }
}
