using LlmTr.Xai.Refusals;

namespace LlmTr.Grains.Video;

/// <summary>What customers are told about jobs that went wrong.</summary>
internal static class JobErrors
{
    public static JobError Unreachable { get; } = new("provider_unavailable", "xAI could not be reached. Nothing was sent and nothing charged. Try again.");

    public static JobError ImageLost { get; } = new("internal_error", "The gateway lost the input image. Nothing was sent and nothing charged. Try again.");

    public static JobError StartUnknown { get; } = new(
        "provider_error", "xAI's answer to the start did not come or could not be read. Nothing was charged; whether xAI makes the video is not known, so think before you repeat it.");

    public static JobError SubmissionUnknown { get; } = new(
        VideoJob.SubmissionUnknown,
        "The gateway was interrupted while it sent the request to xAI. Nothing was charged; whether xAI makes the video is not known, so think before you repeat it.");

    public static JobError NoVideo { get; } = new("provider_error", "xAI finished without a video.");

    public static JobError NotKnown { get; } = new("provider_error", "xAI does not know the video any more. Nothing was charged.");

    public static JobError ExpiredAtProvider { get; } = new("provider_error", "The video expired at xAI before it could be fetched. Nothing was charged that usage does not show.");

    public static JobError TookTooLong { get; } = new("timeout", "xAI has not finished the video within a day. Nothing was charged.");

    public static JobError Moderated(string? message) => new("content_moderated", message is null ? "xAI refused the content." : $"xAI refused the content: {message}");

    /// <summary>xAI's own words for a failure (xAI contract, section 6.2).</summary>
    public static JobError Failed(string? code, string? message)
    {
        var said = message is null ? "xAI failed at the video." : $"xAI failed at the video: {message}";
        return code switch
        {
            "invalid_argument" or "failed_precondition" => new("invalid_request_error", said),
            "permission_denied" => new("content_moderated", said),
            _ => new("provider_error", said),
        };
    }

    /// <summary>A refused start. What is the operator's fault is never told as the customer's.</summary>
    public static JobError OfStart(XaiRefusal refusal) => refusal.Kind switch
    {
        RefusalKind.CallerArgument => new(
            "invalid_request_error", refusal.Message is { } message ? $"xAI refused the request: {message}" : "xAI refused the request as malformed."),
        RefusalKind.ContentModerated => Moderated(refusal.Message),
        RefusalKind.RateLimited => new("rate_limit_exceeded", "xAI's own rate limit was hit by all of this gateway's traffic together. Try again shortly."),
        RefusalKind.TooLarge => new("request_too_large", "The request is too large for xAI."),
        RefusalKind.PlatformKeyRefused or RefusalKind.OutOfCredits or RefusalKind.ModelUnavailable or RefusalKind.NotFound => new(
            "provider_unavailable", "xAI does not serve this gateway's account right now. The operator has been alarmed."),
        _ => new("provider_error", "xAI could not take the request. Try again shortly."),
    };
}
