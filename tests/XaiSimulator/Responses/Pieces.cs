using System.Text;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>
/// Divides text as a tokenizer roughly would: a word with the space before it, a digit, a sign. Each piece counts as one token and makes one delta of a stream.
/// Joined, the pieces are the text.
/// </summary>
internal static class Pieces
{
    private const int LongestWord = 12;

    /// <summary>The pieces of a text; none of an empty one.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var pieces = new List<string>();
        var start = 0;
        while (start < text.Length)
        {
            var end = EndOfPiece(text, start);
            pieces.Add(text[start..end]);
            start = end;
        }

        return pieces;
    }

    /// <summary>The text in exactly so many pieces of about the same length.</summary>
    /// <param name="text">A text of at least so many characters (runes).</param>
    /// <param name="count">At least 1.</param>
    public static IReadOnlyList<string> Exactly(string text, int count)
    {
        var runes = text.EnumerateRunes().ToArray();
        var pieces = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            var from = (int)((long)runes.Length * i / count);
            var to = (int)((long)runes.Length * (i + 1) / count);
            pieces.Add(string.Concat(runes[from..to]));
        }

        return pieces;
    }

    private static int EndOfPiece(string text, int start)
    {
        var at = start;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        if (at == text.Length)
            return at;
        if (!char.IsLetter(text[at]))
            return at + Rune.GetRuneAt(text, at).Utf16SequenceLength;
        var word = at;
        while (at < text.Length && at - word < LongestWord && char.IsLetter(text[at]))
            at++;
        return at;
    }
}
