namespace LlmTr.Api.Keys;

/// <summary>
/// Numbers of a fixed width in base 62 (0-9, A-Z, a-z): letters and digits only, so that a key survives a double click, a shell and a
/// URL. A width in bytes always gives the same width in characters.
/// </summary>
internal static class Base62
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Writes a big-endian number into exactly as many characters as are given.</summary>
    public static void Encode(ReadOnlySpan<byte> number, Span<char> text)
    {
        Span<byte> rest = stackalloc byte[number.Length];
        number.CopyTo(rest);
        for (var at = text.Length - 1; at >= 0; at--)
        {
            var remainder = 0;
            for (var i = 0; i < rest.Length; i++)
            {
                var digit = (remainder << 8) | rest[i];
                rest[i] = (byte)(digit / 62);
                remainder = digit % 62;
            }

            text[at] = Alphabet[remainder];
        }
    }

    /// <summary>Reads characters into a big-endian number; false for another character or a number that does not fit.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> number)
    {
        number.Clear();
        foreach (var character in text)
        {
            var carry = Value(character);
            if (carry < 0)
                return false;
            for (var i = number.Length - 1; i >= 0; i--)
            {
                carry += number[i] * 62;
                number[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry != 0)
                return false;
        }

        return true;
    }

    private static int Value(char character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        >= 'A' and <= 'Z' => character - 'A' + 10,
        >= 'a' and <= 'z' => character - 'a' + 36,
        _ => -1,
    };
}
