using LlmTr.Money;

namespace LlmTr.Api.Errors;

/// <summary>The refusals that are not about a request's fields.</summary>
internal static class GatewayErrors
{
    /// <summary>One message for no key, a malformed one, an unknown one and a revoked one: which of them it is would help only a thief.</summary>
    public static ApiError Unauthenticated { get; } = new(
        401, "auth_error", "The API key is missing or not valid. Send it as 'Authorization: Bearer llmtr-…'.");

    public static ApiError AdminUnauthenticated { get; } = new(
        401, "auth_error", "The admin token is missing or not valid. Send it as 'Authorization: Bearer <admin token>'.");

    public static ApiError Internal { get; } = new(
        500, "internal_error", "The gateway failed at this request. The fault is ours; nothing was charged that the ledger does not show.");

    public static ApiError AccountsUnavailable { get; } = new(
        503, "provider_unavailable", "The gateway cannot reach its ledger right now. Nothing was sent and nothing charged. Try again shortly.");

    /// <summary>An operator's command that nobody answered: not even that it was not carried out is known.</summary>
    public static ApiError CommandNotAnswered { get; } = new(
        503, "provider_unavailable", "The account's ledger did not answer; whether the command was carried out is not known. Look before you repeat it.");

    /// <summary>The same of a credit or debit, which a repeat cannot post twice.</summary>
    public static ApiError PostingNotAnswered { get; } = new(
        503, "provider_unavailable", "The account's ledger did not answer; whether the posting was made is not known. Repeat it with the same Idempotency-Key, which posts once.");

    /// <summary>A ledger that contradicts itself: to ask again helps nothing.</summary>
    public static ApiError LedgerBroken(string why) => new(
        500, "internal_error", $"This key's ledger is broken, and the key is refused until the operator has looked: {why}");

    /// <summary>The answer of <c>/health/ready</c>.</summary>
    public static ApiError NotReady(string why) => new(503, "provider_unavailable", why);

    public static ApiError TooManyCalls { get; } = new(
        503, "provider_unavailable", "The gateway has as many calls in flight as it admits. Nothing was sent and nothing charged. Try again shortly.");

    public static ApiError TooManyLargeBodies { get; } = new(
        503, "provider_unavailable", "The gateway has as many large requests at once as it can hold. Nothing was sent and nothing charged. Try again shortly.");

    public static ApiError Stopping { get; } = new(
        503, "provider_unavailable", "The gateway is stopping. Nothing was sent and nothing charged. Try again shortly.");

    public static ApiError HoldNotUsable { get; } = new(
        503, "provider_unavailable", "The hold on your balance took too long to be of use. Nothing was sent and nothing charged. Try again.");

    public static ApiError ProviderUnreachable { get; } = new(
        503, "provider_unavailable", "xAI cannot be reached right now. Nothing was sent and nothing charged. Try again shortly.");

    public static ApiError ProviderTimeout { get; } = new(
        504, "timeout", "xAI did not answer in time. Nothing was charged; what xAI did with the request is not known, so think before you repeat it.");

    public static ApiError ProviderBroke { get; } = new(
        502, "provider_error", "The connection to xAI was lost before an answer came. Nothing was charged; what xAI did with the request is not known, so think before you repeat it.");

    public static ApiError ProviderUnreadable { get; } = new(
        502, "provider_error", "xAI's answer could not be read. Nothing was charged; what xAI did with the request is not known, so think before you repeat it.");

    public static ApiError BrokenAnswer { get; } = new(
        502, "provider_error", "xAI's answer broke off. What came of it was charged at an estimate of its cost, never more than the hold.");

    public static ApiError InvalidDryRun { get; } = new(
        400, "invalid_request_error", "The X-LLMTR-Dry-Run header must come once, as true or false. Nothing was sent and nothing charged.", "X-LLMTR-Dry-Run");

    public static ApiError ClientLeft { get; } = new(
        499, "invalid_request_error", "The client closed the connection before anything was sent.");

    public static ApiError NotFound(string path) => new(
        404, "not_found", $"There is no {Shown(path)} here. GET /openapi/v1.json lists the paths of this gateway.");

    public static ApiError MethodNotAllowed(string method, string path) => new(
        405, "invalid_request_error", $"{Shown(method)} is not possible on {Shown(path)}. The Allow header lists what is.");

    public static ApiError UnsupportedPath(string path) => new(
        400, "unsupported_capability", $"{Shown(path)} is not offered by this gateway: files, realtime sessions, collections, and edits and extensions of videos are not public.");

    public static ApiError InsufficientBalance(UsdTicks required, UsdTicks available) => new(
        402,
        "insufficient_balance",
        $"This request needs a hold of {required}, but {available} is available.",
        Details:
        [
            new("required_usd", required.ToUsdString()),
            new("available_usd", available.ToUsdString()),
            new("hint", "Top up the key, wait for requests in flight to end, or ask for less: a smaller max_output_tokens or a shorter input."),
        ]);

    public static ApiError BudgetExceeded(UsdTicks quote, UsdTicks budget) => new(
        402,
        "budget_exceeded",
        $"This request is quoted at {quote}, above its max_budget_usd of {budget.ToUsdString()}. Nothing was sent and nothing charged.",
        "max_budget_usd",
        [new("quote_usd", quote.ToUsdString())]);

    public static ApiError BodyTooLarge(long limitBytes) => new(
        413, "request_too_large", $"The request body is larger than {limitBytes / (1024 * 1024)} MiB, the limit of this endpoint.");

    public static ApiError BodyNotRead(string why) => new(400, "invalid_request_error", $"The request body could not be read: {why}");

    // What the caller sent is repeated only in part: it may be anything, and of any length.
    private static string Shown(string text)
    {
        const int most = 100;
        var shown = new string([.. text.Take(most).Select(static c => char.IsControl(c) ? '?' : c)]);
        return text.Length > most ? $"'{shown}…'" : $"'{shown}'";
    }
}
