using LlmTr.Api.Errors;
using LlmTr.Xai.Refusals;

namespace LlmTr.Api.Metering;

/// <summary>xAI's refusals as ours. What is the operator's fault is never told as the customer's, and xAI's text only where it speaks of the request.</summary>
internal static class RefusalMapping
{
    /// <param name="refusal">What xAI said.</param>
    /// <param name="upstreamStatus">xAI's status; 200 for an error in a stream.</param>
    public static ApiError ToError(XaiRefusal refusal, int upstreamStatus) => refusal.Kind switch
    {
        RefusalKind.PlatformKeyRefused or RefusalKind.OutOfCredits or RefusalKind.ModelUnavailable => new(
            503, "provider_unavailable", "xAI does not serve this gateway's account right now. The operator has been alarmed; nothing was charged."),
        RefusalKind.RateLimited => new(
            429, "rate_limit_exceeded", "xAI's own rate limit was hit by all of this gateway's traffic together. Nothing was charged. Try again shortly."),
        RefusalKind.AtCapacity => new(
            upstreamStatus == 429 ? 429 : 502,
            upstreamStatus == 429 ? "rate_limit_exceeded" : "provider_error",
            "xAI is at capacity for this model. Nothing was charged. Try again shortly."),
        RefusalKind.CallerArgument => new(
            400, "invalid_request_error", refusal.Message is { } message ? $"xAI refused the request: {message}" : "xAI refused the request as malformed."),
        RefusalKind.TooLarge => new(413, "request_too_large", "The request is too large for xAI. Nothing was charged."),
        RefusalKind.ContentModerated => new(
            400, "content_moderated", refusal.Message is { } message ? $"xAI refused the content: {message}" : "xAI refused the content."),
        RefusalKind.Unreadable => GatewayErrors.ProviderUnreadable,
        _ => new(502, "provider_error", "xAI failed at this request. Nothing was charged. Try again shortly."),
    };
}
