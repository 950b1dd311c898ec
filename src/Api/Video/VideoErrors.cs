using LlmTr.Api.Errors;

namespace LlmTr.Api.Video;

/// <summary>The refusals of the video routes.</summary>
internal static class VideoErrors
{
    /// <summary>The same for a job that is not there and for another key's.</summary>
    public static ApiError UnknownJob { get; } = new(404, "not_found", "There is no video job with this id.");

    public static ApiError NoFile { get; } = new(404, "not_found", "This job has no file here: it is not finished, made none, or the file's time is over.");

    public static ApiError LinkNotGood { get; } = new(401, "auth_error", "This link is not valid, or its time is over. Ask for the job again, with its API key.");

    public static ApiError Unavailable { get; } = new(503, "provider_unavailable", "The gateway cannot reach its video jobs right now. Try again shortly.");

    /// <summary>It may go on, and be charged: who asks again must find it, and not begin another.</summary>
    public static ApiError Undecided(string jobId) => new(
        503,
        "provider_unavailable",
        "The gateway cannot say right now whether the job has begun. Ask for it by its id, or repeat the request with the same Idempotency-Key.",
        Details: [new("id", jobId)]);
}
