namespace LlmTr.Api.Errors.Languages;

/// <summary>What this gateway says to people, in Turkish: pairs of templates, English and Turkish, from <c>turkish.txt</c>.</summary>
internal static class TurkishSentences
{
    private const string File = "turkish.txt";

    // The closest first, so that the first that matches is the right one.
    private static readonly SentencePair[] Pairs = [.. Read().OrderByDescending(static pair => pair.English.FixedChars)];

    private static readonly Dictionary<string, string> Whole = Pairs
        .Where(static pair => pair.English.Places.Count == 0)
        .ToDictionary(static pair => pair.English.Texts[0], static pair => pair.Turkish.Texts[0], StringComparer.Ordinal);

    private static readonly SentencePair[] WithPlaces = [.. Pairs.Where(static pair => pair.English.Places.Count > 0)];

    /// <summary>Every pair, the English with the most fixed characters first.</summary>
    public static IReadOnlyList<SentencePair> All => Pairs;

    /// <summary>The sentence in Turkish; null where there is no template for it.</summary>
    public static string? Find(string sentence)
    {
        if (Whole.TryGetValue(sentence, out var whole))
            return whole;
        foreach (var pair in WithPlaces)
        {
            if (pair.English.TryMatch(sentence, out var values))
                return pair.Turkish.Fill([.. values.Select(static value => Whole.GetValueOrDefault(value, value))]);
        }

        return null;
    }

    /// <summary>Reads the file: an English line, its Turkish line, an empty line. Lines that begin with <c>#</c> are for who reads it.</summary>
    private static IEnumerable<SentencePair> Read()
    {
        using var stream = typeof(TurkishSentences).Assembly.GetManifestResourceStream(File)
            ?? throw new InvalidOperationException($"{File} is not in the program.");
        using var reader = new StreamReader(stream);
        string? english = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            if (english is null)
            {
                english = line.Length > 0 ? line : null;
                continue;
            }

            if (line.Length == 0)
                throw new InvalidOperationException($"{File}: there is no Turkish below '{english}'.");
            yield return new SentencePair(SentenceTemplate.Parse(english), SentenceTemplate.Parse(line));
            english = null;
        }
    }
}

/// <summary>One sentence in both languages.</summary>
internal sealed record SentencePair(SentenceTemplate English, SentenceTemplate Turkish);
