using LlmTr.Api.Errors;
using LlmTr.Money;
using LlmTr.Xai.Refusals;

namespace LlmTr.Api.Metering;

/// <summary>xAI's refusals as ours. What is the operator's fault is never told as the customer's, and xAI's text only where it speaks of the request.</summary>
internal static class RefusalMapping
{
    /// <summary>True for what only the operator can mend: the platform's key, its credits, the catalogue, how the gateway sends. It raises an alarm.</summary>
    public static bool IsOperatorsFault(RefusalKind kind) => kind is RefusalKind.PlatformKeyRefused or RefusalKind.OutOfCredits or RefusalKind.ModelUnavailable
        or RefusalKind.NotFound or RefusalKind.Unexpected;

    /// <summary>True where xAI speaks of the platform and not of the request: none of its words are for the customer, wherever they stand.</summary>
    public static bool SpeaksOfThePlatform(RefusalKind kind) => kind == RefusalKind.RateLimited || IsOperatorsFault(kind);

    /// <param name="refusal">What xAI said.</param>
    /// <param name="upstreamStatus">xAI's status; 200 for an error in a stream.</param>
    /// <param name="charged">What the key pays all the same; it is told in the details.</param>
    public static ApiError ToError(XaiRefusal refusal, int upstreamStatus, UsdTicks charged = default)
    {
        var error = ToError(refusal, upstreamStatus, charged.IsPositive ? "" : " Nothing was charged.");
        return charged.IsPositive ? error with { Details = [.. error.Details ?? [], new("cost_usd", charged.ToUsdString())] } : error;
    }

    private static ApiError ToError(XaiRefusal refusal, int upstreamStatus, string unlessCharged) => refusal.Kind switch
    {
        RefusalKind.PlatformKeyRefused or RefusalKind.OutOfCredits or RefusalKind.ModelUnavailable => new(
            503, "provider_unavailable", $"xAI does not serve this gateway's account right now. The operator has been alarmed.{unlessCharged}"),
        RefusalKind.RateLimited => new(
            429, "rate_limit_exceeded", $"xAI's own rate limit was hit by all of this gateway's traffic together.{unlessCharged} Try again shortly."),
        RefusalKind.AtCapacity => new(
            upstreamStatus == 429 ? 429 : 502,
            upstreamStatus == 429 ? "rate_limit_exceeded" : "provider_error",
            $"xAI is at capacity for this model.{unlessCharged} Try again shortly."),
        RefusalKind.CallerArgument => new(
            400, "invalid_request_error", refusal.Message is { } message ? $"xAI refused the request: {message}" : "xAI refused the request as malformed."),
        RefusalKind.TooLarge => new(413, "request_too_large", $"The request is too large for xAI.{unlessCharged}"),
        RefusalKind.ContentModerated => new(
            400, "content_moderated", refusal.Message is { } message ? $"xAI refused the content: {message}" : "xAI refused the content."),
        RefusalKind.Unreadable when unlessCharged.Length > 0 => GatewayErrors.ProviderUnreadable,
        _ => new(502, "provider_error", $"xAI failed at this request.{unlessCharged} Try again shortly."),
    };
}
