namespace LlmTr.Api.Audio.Speech;

/// <summary>How speech is counted: in Unicode scalar values, whatever way they are written in JSON.</summary>
internal static class SpokenText
{
    /// <summary>The characters of a JSON string.</summary>
    /// <param name="raw">What stands between its quotes, known to be valid Unicode: every surrogate has its other half.</param>
    public static int Count(ReadOnlySpan<byte> raw)
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
                    var isHigh = (raw[i + 2] | 0x20) == 'd' && (raw[i + 3] is (byte)'8' or (byte)'9' || (raw[i + 3] | 0x20) is 'a' or 'b');
                    i += isHigh ? 11 : 5;
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
}
