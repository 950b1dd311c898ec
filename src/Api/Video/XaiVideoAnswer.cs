using System.Text.Json.Serialization;
using LlmTr.Grains.Abstractions.Video;

namespace LlmTr.Api.Video;

/// <summary>A job that was begun, in xAI's shape.</summary>
internal sealed record XaiVideoStart(string RequestId);

/// <summary>A job as xAI tells it (xAI contract, section 6.2).</summary>
internal sealed record XaiVideoAnswer
{
    public required string Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public XaiVideo? Video { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public XaiVideoUsage? Usage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public XaiVideoError? Error { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Progress { get; init; }

    /// <summary>Writes a job so.</summary>
    /// <param name="job">The job.</param>
    /// <param name="url">Where its file is; null without one.</param>
    public static XaiVideoAnswer Of(VideoJobView job, string? url)
    {
        var usage = job is { IsOver: true, Cost: { } cost } ? new XaiVideoUsage(cost.Value) : null;
        return job switch
        {
            { IsOver: false } => new() { Status = "pending", Progress = job.Progress },
            { Status: VideoJobStatus.Expired } => new() { Status = "expired", Usage = usage },
            { Status: VideoJobStatus.Succeeded } => Done(job, url, isModerated: false, usage),

            // A result that xAI's moderation kept back is one that is done, without an address.
            { ErrorType: "content_moderated" } => Done(job, url: null, isModerated: true, usage),
            _ => new() { Status = "failed", Error = new XaiVideoError(job.ErrorType ?? "internal_error", job.ErrorMessage ?? ""), Usage = usage, Progress = 0 },
        };
    }

    private static XaiVideoAnswer Done(VideoJobView job, string? url, bool isModerated, XaiVideoUsage? usage) => new()
    {
        Status = "done",
        Video = new XaiVideo(url ?? "", job.SecondsGenerated ?? job.DurationSeconds, !isModerated),
        Model = job.Model,
        Usage = usage,
        Progress = 100,
    };
}

/// <summary>The file; its address is empty where there is none.</summary>
internal sealed record XaiVideo(string Url, int Duration, bool RespectModeration);

/// <summary>What it cost.</summary>
internal sealed record XaiVideoUsage(long CostInUsdTicks);

/// <summary>Why there is no video.</summary>
internal sealed record XaiVideoError(string Code, string Message);
