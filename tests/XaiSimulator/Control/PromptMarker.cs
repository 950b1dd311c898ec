using System.Text.RegularExpressions;

namespace LlmTr.XaiSimulator.Control;

/// <summary>
/// Behaviours inside a prompt: <c>[[sim:status=503]]</c>, <c>[[sim:cut=stream;after=5]]</c>. A word without a value means true. Values hold neither
/// <c>;</c> nor <c>]]</c>; what needs those goes through the script.
/// </summary>
internal static partial class PromptMarker
{
    /// <summary>The behaviour with the words of all markers in the text on top.</summary>
    /// <exception cref="FormatException">A marker has an unknown word or value.</exception>
    public static Behaviour Apply(Behaviour behaviour, string text)
    {
        foreach (Match marker in Marker().Matches(text))
        {
            foreach (var pair in marker.Groups[1].Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var (word, value) = pair.IndexOf('=') is var at and >= 0 ? (pair[..at], pair[(at + 1)..]) : (pair, "true");
                behaviour = behaviour.With(word.Trim(), value.Trim());
            }
        }

        return behaviour;
    }

    /// <summary>The text without its markers.</summary>
    public static string Strip(string text) => Marker().Replace(text, "").Trim();

    [GeneratedRegex(@"\[\[sim:(.*?)\]\]", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Marker();
}
