namespace LlmTr.Api.Errors.Languages;

/// <summary>
/// Tells what went wrong in the language that its reader asked for. The sentences are made in English wherever a refusal is; here, where they leave, is the one
/// place that knows the reader. Only what is for people changes, and what xAI says about a request stays in xAI's words.
/// </summary>
internal static class ErrorLanguage
{
    // The languages of Content-Language.
    private const string English = "en", Turkish = "tr";

    /// <summary>The error in the language that the request's <c>Accept-Language</c> prefers: its message and its hint.</summary>
    public static ApiError InLanguageOf(this ApiError error, HttpRequest request) => error.InLanguageOf(request, out _);

    /// <summary>As above, and the language that it is in after all: English where there is no Turkish for it.</summary>
    public static ApiError InLanguageOf(this ApiError error, HttpRequest request, out string language)
    {
        language = English;
        if (!AcceptLanguage.PrefersTurkish(request.Headers.AcceptLanguage) || TurkishSentences.Find(error.Message) is not { } message)
            return error;
        language = Turkish;
        return error with { Message = message, Details = error.Details is { } details ? [.. details.Select(Translated)] : null };
    }

    /// <summary>A sentence of this gateway's in the language that the request prefers.</summary>
    public static string Told(string sentence, HttpRequest request) =>
        AcceptLanguage.PrefersTurkish(request.Headers.AcceptLanguage) ? TurkishSentences.Find(sentence) ?? sentence : sentence;

    private static KeyValuePair<string, object> Translated(KeyValuePair<string, object> detail) =>
        detail is { Key: "hint", Value: string hint } && TurkishSentences.Find(hint) is { } translated ? new(detail.Key, translated) : detail;
}
