using System.Globalization;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Api.Errors;

/// <summary>The refusals for what a key is, may do and has done; see <c>PlaceHoldOutcome</c>.</summary>
internal static class KeyErrors
{
    public static ApiError Disabled { get; } = new(
        403, "forbidden", "This API key is switched off. Ask the operator of this gateway. Nothing was sent and nothing charged.");

    public static ApiError Expired { get; } = new(
        403, "forbidden", "This API key has expired. Ask the operator of this gateway. Nothing was sent and nothing charged.");

    public static ApiError ModelNotAllowed(string model) => new(
        403, "forbidden", $"This API key may not use the model '{model}'. Use another model, or ask the operator of this gateway.", "model", [new("model", model)]);

    public static ApiError InvalidIdempotencyKey(int mostChars) => new(
        400, "invalid_request_error", $"The Idempotency-Key header must come once, with 1 to {mostChars} characters.", "Idempotency-Key");

    public static ApiError RateLimited(KeyLimit? limit, RateStatus? rate, long needsTokens) => limit switch
    {
        KeyLimit.RequestsPerMinute => Limited(string.Create(
            CultureInfo.InvariantCulture, $"This API key may send {rate?.LimitRequests} requests a minute, and has."), "requests_per_minute"),
        KeyLimit.TokensPerMinute when needsTokens > rate?.LimitTokens => Limited(string.Create(
            CultureInfo.InvariantCulture,
            $"This request needs {needsTokens} tokens, input and max_output_tokens together, but this API key may use {rate.LimitTokens} a minute. Ask for less: no wait will help."),
            "tokens_per_minute"),
        KeyLimit.TokensPerMinute => Limited(string.Create(
            CultureInfo.InvariantCulture,
            $"This request needs {needsTokens} tokens, input and max_output_tokens together; of the {rate?.LimitTokens} a minute of this API key {rate?.RemainingTokens} are left."),
            "tokens_per_minute"),
        KeyLimit.MaxConcurrent => Limited("This API key has as many requests in flight as it may have at one time.", "max_concurrent"),
        _ => Limited("This API key has sent more Idempotency-Keys in 24 hours than the gateway remembers. Send the request without one.", "idempotency_keys"),
    };

    public static ApiError PeriodBudgetExceeded(UsdTicks required, UsdTicks left) => new(
        429,
        "budget_exceeded",
        $"This request needs a hold of {required}, but {left} is left of this API key's budget for the period. Nothing was sent and nothing charged.",
        Details: [new("required_usd", required.ToUsdString()), new("budget_left_usd", left.ToUsdString())]);

    public static ApiError IdempotentRepeat(FirstRequest? first) => new(
        409,
        "idempotency_conflict",
        "A request with this Idempotency-Key and this body came before; see details. It is not run again, and its answer was not kept. Nothing more was charged.",
        "Idempotency-Key",
        Details(first));

    public static ApiError IdempotencyConflict(FirstRequest? first) => new(
        409,
        "idempotency_conflict",
        "This Idempotency-Key came with another body before. Use a new one for a new request. Nothing was sent and nothing charged.",
        "Idempotency-Key",
        Details(first));

    private static ApiError Limited(string message, string limit) => new(
        429, "rate_limit_exceeded", message + " Nothing was sent and nothing charged.", Details: [new("limit", limit)]);

    // The cost of a request that is still running is not known yet.
    private static List<KeyValuePair<string, object>>? Details(FirstRequest? first)
    {
        if (first is null)
            return null;
        List<KeyValuePair<string, object>> details = [new("request_id", first.Id.ToString()), new("state", first.HasEnded ? "ended" : "in_progress")];
        if (first.StatusCode is { } status)
            details.Add(new("status", status));
        if (first.HasEnded)
            details.Add(new("cost_usd", first.Charged.ToUsdString()));
        return details;
    }
}
