using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace LlmTr.Api.Errors.Languages;

/// <summary>Reads <c>Accept-Language</c> (RFC 9110, section 12.5.4) as far as it decides between the two languages that errors are told in.</summary>
internal static class AcceptLanguage
{
    // Several times what browsers send; a caller without a key must not make the gateway read lists of thousands.
    private const int MostChars = 1000;

    private const string Turkish = "tr", English = "en";

    /// <summary>
    /// True when Turkish is accepted and stands above English: by its weight, and at equal weights by its place. A header that is absent, malformed
    /// anywhere, or longer than anybody's list of languages means English.
    /// </summary>
    public static bool PrefersTurkish(StringValues header)
    {
        if (header.Count == 0 || header.Sum(static line => line?.Length ?? 0) > MostChars || !StringWithQualityHeaderValue.TryParseStrictList(header.ToArray()!, out var ranges))
            return false;
        var turkish = Rank(ranges, Turkish);
        var english = Rank(ranges, English);
        return turkish.Weight > english.Weight || (turkish.Weight > 0 && turkish.Weight >= english.Weight && turkish.Place < english.Place);
    }

    // A range that names the language decides; '*' speaks only for what no other range names.
    private static (double Weight, int Place) Rank(IList<StringWithQualityHeaderValue> ranges, string language)
    {
        (double Weight, int Place)? named = null, any = null;
        for (var place = 0; place < ranges.Count; place++)
        {
            var weight = ranges[place].Quality ?? 1;
            if (Names(ranges[place].Value, language) && !(named?.Weight >= weight))
                named = (weight, place);
            else if (ranges[place].Value == "*")
                any ??= (weight, place);
        }

        return named ?? any ?? (0, int.MaxValue);
    }

    private static bool Names(StringSegment range, string language) =>
        range.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (range.Length == language.Length || range[language.Length] == '-');
}
