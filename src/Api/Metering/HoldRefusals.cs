using LlmTr.Api.Errors;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Api.Metering;

/// <summary>What an account refuses, as the customer is told it.</summary>
internal static class HoldRefusals
{
    // A request in flight ends within seconds, but nobody knows when.
    private static readonly TimeSpan SomeTime = TimeSpan.FromSeconds(2);

    public static ApiError ToError(PlaceHoldReply reply, Quote quote, string model) => reply.Outcome switch
    {
        PlaceHoldOutcome.Unauthenticated => GatewayErrors.Unauthenticated,
        PlaceHoldOutcome.KeyDisabled => KeyErrors.Disabled,
        PlaceHoldOutcome.KeyExpired => KeyErrors.Expired,
        PlaceHoldOutcome.ModelNotAllowed => KeyErrors.ModelNotAllowed(model),
        PlaceHoldOutcome.IdempotentRepeat => KeyErrors.IdempotentRepeat(reply.First),
        PlaceHoldOutcome.IdempotencyConflict => KeyErrors.IdempotencyConflict(reply.First),
        PlaceHoldOutcome.RateLimited => KeyErrors.RateLimited(reply.Limit, reply.Rate, quote.LeastTokens),
        PlaceHoldOutcome.BudgetExceeded => KeyErrors.PeriodBudgetExceeded(quote.Least, reply.BudgetLeft ?? UsdTicks.Zero),
        PlaceHoldOutcome.InsufficientBalance => GatewayErrors.InsufficientBalance(quote.Least, reply.Available),
        PlaceHoldOutcome.Ended or PlaceHoldOutcome.TooOld => GatewayErrors.HoldNotUsable,
        _ => GatewayErrors.AccountsUnavailable,
    };

    /// <summary>Why a key that is known may not even ask for this model; null when it may.</summary>
    public static ApiError? OfStatus(AccountView account, string model) => account.Status switch
    {
        KeyStatus.Disabled => KeyErrors.Disabled,
        KeyStatus.Expired => KeyErrors.Expired,
        _ => account.Limits.Models is { } models && !models.Contains(model, StringComparer.Ordinal) ? KeyErrors.ModelNotAllowed(model) : null,
    };

    /// <summary>When to come again, on a 429; a request that can never fit says that no repeat will help.</summary>
    public static void WriteRetryHeaders(IHeaderDictionary headers, PlaceHoldReply reply)
    {
        if (reply is { RetryAfter: { } wait })
            headers.RetryAfter = RateHeaders.Seconds(wait);
        else if (reply.Limit is KeyLimit.TokensPerMinute or KeyLimit.IdempotencyKeys)
            headers["x-should-retry"] = "false";
        else if (reply.Limit is KeyLimit.MaxConcurrent)
            headers.RetryAfter = RateHeaders.Seconds(SomeTime);
    }
}
