using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace LlmTr.Api.Errors.Languages;

/// <summary>
/// A sentence with numbered places, such as <c>The field '{0}' must be from {1} to {2}.</c> Braces around anything but a number are text, so JSON can stand in
/// a sentence as it is.
/// </summary>
internal sealed class SentenceTemplate
{
    // _texts[i] stands before the place _places[i]; the last text stands at the end.
    private readonly string[] _texts;
    private readonly int[] _places;

    private SentenceTemplate(string[] texts, int[] places) => (_texts, _places) = (texts, places);

    /// <summary>The numbers of the places, in the order in which they stand.</summary>
    public IReadOnlyList<int> Places => _places;

    /// <summary>The words around the places, in order: always one more than there are places.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>How many characters are fixed: of two templates that match a sentence, the one with more says it more closely.</summary>
    public int FixedChars => _texts.Sum(static text => text.Length);

    /// <summary>Reads a template as it is written.</summary>
    public static SentenceTemplate Parse(string written)
    {
        List<string> texts = [];
        List<int> places = [];
        var from = 0;
        for (var open = written.IndexOf('{'); open >= 0; open = written.IndexOf('{', open + 1))
        {
            var close = written.IndexOf('}', open);
            if (close < 0 || !int.TryParse(written.AsSpan(open + 1, close - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var place))
                continue;
            texts.Add(written[from..open]);
            places.Add(place);
            from = close + 1;
        }

        texts.Add(written[from..]);
        return new([.. texts], [.. places]);
    }

    /// <summary>Tells whether the sentence was made from this template, and what stands at its places, by number.</summary>
    /// <remarks>Each place takes as little as it can; the text after the last place is the sentence's end.</remarks>
    public bool TryMatch(string sentence, [NotNullWhen(true)] out string[]? values)
    {
        values = null;
        var end = sentence.Length - _texts[^1].Length;
        if (_places.Length == 0 ? sentence != _texts[0] : !(sentence.StartsWith(_texts[0], StringComparison.Ordinal) && sentence.EndsWith(_texts[^1], StringComparison.Ordinal)))
            return false;

        var found = new string[_places.Length];
        var from = _texts[0].Length;
        for (var i = 0; i < _places.Length; i++)
        {
            if (from > end)
                return false;
            var isLast = i == _places.Length - 1;
            var to = isLast ? end : sentence.IndexOf(_texts[i + 1], from, end - from, StringComparison.Ordinal);
            if (to < 0)
                return false;
            found[_places[i]] = sentence[from..to];
            from = to + _texts[i + 1].Length;
        }

        values = found;
        return true;
    }

    /// <summary>The sentence with these values at its places, by number.</summary>
    public string Fill(IReadOnlyList<string> values)
    {
        var sentence = new StringBuilder(_texts[0]);
        for (var i = 0; i < _places.Length; i++)
            sentence.Append(values[_places[i]]).Append(_texts[i + 1]);
        return sentence.ToString();
    }
}
