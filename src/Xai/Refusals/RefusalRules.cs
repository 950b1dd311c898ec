namespace LlmTr.Xai.Refusals;

/// <summary>
/// Which refusal an error is: by its status first, by its code second, by its text only for the cases that nothing else tells apart (xAI contract,
/// section 1.3). Texts are matched at their start, so that words of the caller which xAI quotes back cannot pass for xAI's own; only the one about credits,
/// which begins with an id, is looked for anywhere.
/// </summary>
internal static class RefusalRules
{
    /// <summary>In place of a status, for an error in a stream: the stream itself was a 200.</summary>
    public const int NoStatus = 200;

    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>A refusal in xAI's own words.</summary>
    public static RefusalKind Of(int status, string? code, string? text, bool isJson)
    {
        text ??= "";
        var hasStatus = status >= 300;
        if (IsModerated(status, code, text))
            return RefusalKind.ContentModerated;
        // 402 was never seen; if it comes, it can only speak of the platform's own money.
        if (status == 402 || (SaysOutOfCredits(text) && (!hasStatus || status is 403 or 429)))
            return RefusalKind.OutOfCredits;
        if (text.StartsWith("Incorrect API key", IgnoreCase) && (!hasStatus || status is 400 or 401 or 403))
            return RefusalKind.PlatformKeyRefused;
        if (SaysGrammarTooComplex(text))
            return RefusalKind.CallerArgument;
        if (isJson && SaysAtCapacity(text))
            return RefusalKind.AtCapacity;
        if (SaysNoModel(text) && (!hasStatus || status is 400 or 404))
            return RefusalKind.ModelUnavailable;
        return hasStatus ? OfStatus(status) : OfCode(code);
    }

    /// <summary>A 4xx that the edge in front of xAI wrote: it says nothing about key, arguments or model, only size and rate are its to judge.</summary>
    public static RefusalKind OfTheEdge(int status) => status is 413 or 429 ? OfStatus(status) : RefusalKind.Unexpected;

    /// <summary>True where moderation looked at what was made.</summary>
    public static bool IsOfResult(string? code, string text) =>
        code == "imagine:content-moderated"
        || text.StartsWith("Generated image rejected by content moderation", IgnoreCase)
        || text.StartsWith("Generated video rejected by content moderation", IgnoreCase);

    private static RefusalKind OfStatus(int status) => status switch
    {
        401 or 403 => RefusalKind.PlatformKeyRefused,
        400 or 410 or 422 => RefusalKind.CallerArgument,
        404 => RefusalKind.NotFound,
        413 => RefusalKind.TooLarge,
        429 => RefusalKind.RateLimited,
        >= 500 => RefusalKind.ServerError,
        _ => RefusalKind.Unexpected,
    };

    // Both families of codes that live side by side, new words and old gRPC sentences.
    private static RefusalKind OfCode(string? code) => code switch
    {
        "invalid-argument" or "400" or "Client specified an invalid argument" => RefusalKind.CallerArgument,
        "not-found" => RefusalKind.NotFound,
        "resource-exhausted" or "Some resource has been exhausted" => RefusalKind.RateLimited,
        "permission-denied" or "The caller does not have permission to execute the specified operation" => RefusalKind.PlatformKeyRefused,
        "The request does not have valid authentication credentials" => RefusalKind.PlatformKeyRefused,
        not null when code.StartsWith("unauthenticated", IgnoreCase) => RefusalKind.PlatformKeyRefused,
        _ => RefusalKind.ServerError,
    };

    /// <remarks>
    /// "Content violates usage guidelines" is not in the contract's captures, only its fee is (section 1.4). Public reports show it with 403 and 400 and with
    /// ids of team and key in the text. Were it taken for a refused key, one customer's prompt would look like an outage of the platform.
    /// </remarks>
    private static bool IsModerated(int status, string? code, string text) =>
        status < 500 && status != 429 &&
        (IsOfResult(code, text) || text.StartsWith("Content violates usage guidelines", IgnoreCase));

    private static bool SaysOutOfCredits(string text) =>
        text.Contains("used all available credits", IgnoreCase) || text.Contains("monthly spending limit", IgnoreCase);

    private static bool SaysAtCapacity(string text) =>
        text.StartsWith("The service is temporarily at capacity", IgnoreCase)
        || text.StartsWith("Service temporarily unavailable. The model is at capacity", IgnoreCase);

    private static bool SaysGrammarTooComplex(string text) =>
        text.StartsWith("Grammar is too complex", IgnoreCase)
        || text.StartsWith("Service temporarily unavailable. Grammar is too complex", IgnoreCase);

    private static bool SaysNoModel(string text) =>
        text.StartsWith("Model not found", IgnoreCase)
        || (text.StartsWith("The model ", IgnoreCase) && text.Contains("does not exist", IgnoreCase));
}
