namespace LlmTr.Xai.Refusals;

/// <summary>Why xAI did not serve a request (xAI contract, sections 1.3 and 1.4). Whose fault it is follows from it; which answer of ours, does not.</summary>
public enum RefusalKind
{
    /// <summary>
    /// Nothing that can be believed to be xAI's own word: a 5xx in HTML, plain text or without a body, as an edge or a proxy in between writes them, or a
    /// success without an error in it. Whether the request was served is not known.
    /// </summary>
    Unreadable,

    /// <summary>xAI does not accept the platform's own key: its own 401 or 403, or its 400 "Incorrect API key". The operator's fault.</summary>
    PlatformKeyRefused,

    /// <summary>The platform's team is out of credits or at its monthly limit: 403 or 429 with the text that says so. The operator's fault.</summary>
    OutOfCredits,

    /// <summary>Too many requests for the platform's team: 429.</summary>
    RateLimited,

    /// <summary>xAI says itself, in JSON, that the service or the model is at capacity. Seen with 422, 429, 500 and 503.</summary>
    AtCapacity,

    /// <summary>The caller's request is at fault: 400, 410 or 422, and a 503 that says the caller's grammar is too complex.</summary>
    CallerArgument,

    /// <summary>xAI does not have the model, or not for the platform's team: a 404 or 400 that says so. A fault of the catalogue or of the operator's account.</summary>
    ModelUnavailable,

    /// <summary>Any other 404: an unknown video job, or a path that is not xAI's (a wrong base URL).</summary>
    NotFound,

    /// <summary>The body or its file is too large for xAI: 413.</summary>
    TooLarge,

    /// <summary>xAI refused the prompt or the result for what it contains. May have a cost.</summary>
    ContentModerated,

    /// <summary>xAI says itself, in JSON, that it failed: any other 5xx, or an error in a stream that nothing above describes.</summary>
    ServerError,

    /// <summary>A refusal that the gateway should never meet: 405 and 415, which speak of how it sends, a page of the edge, a status that the contract does not know.</summary>
    Unexpected,
}
