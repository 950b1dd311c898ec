using System.Text.Json.Serialization;
using LlmTr.Api.Errors.Languages;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;

namespace LlmTr.Api.Video;

/// <summary>A job as its customer sees it.</summary>
internal sealed record VideoJobAnswer
{
    public required string Id { get; init; }

    public string Object { get; } = "video.generation";

    public required VideoJobStatus Status { get; init; }

    public required string Model { get; init; }

    public required int Progress { get; init; }

    public required string? Url { get; init; }

    public required long? UrlExpiresAt { get; init; }

    public required int DurationSeconds { get; init; }

    public required long CreatedAt { get; init; }

    public required long? CompletedAt { get; init; }

    /// <summary>Null as long as nobody knows the cost, and where nothing was charged.</summary>
    public required VideoUsage? Usage { get; init; }

    public required VideoError? Error { get; init; }

    /// <summary>Whose it is; only operators are told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KeyId { get; init; }

    /// <summary>The id of its hold and ledger entries; only operators are told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestId { get; init; }

    public static VideoJobAnswer Of(VideoJobView job, (string Url, long ExpiresAt)? link) => new()
    {
        Id = job.Id,
        Status = job.Status,
        Model = job.Model,
        Progress = job.Progress,
        Url = link?.Url,
        UrlExpiresAt = link?.ExpiresAt,
        DurationSeconds = job.DurationSeconds,
        CreatedAt = job.CreatedAt.ToUnixTimeSeconds(),
        CompletedAt = job.CompletedAt?.ToUnixTimeSeconds(),
        Usage = job is { Cost: { } cost, IsOver: true } ? new VideoUsage(job.SecondsGenerated ?? 0, cost.Value, cost.ToUsdString(), job.CostSource) : null,
        Error = job.ErrorType is { } type ? new VideoError(type, job.ErrorMessage ?? "") : null,
    };

    /// <summary>The same, with the reason of a failure in the language that the request prefers.</summary>
    public VideoJobAnswer InLanguageOf(HttpRequest request) =>
        Error is { } error ? this with { Error = error with { Message = ErrorLanguage.Told(error.Message, request) } } : this;
}

/// <summary>What a job cost.</summary>
internal sealed record VideoUsage(int SecondsGenerated, long CostInUsdTicks, string CostUsd, CostSource CostSource);

/// <summary>Why there is no video.</summary>
internal sealed record VideoError(string Type, string Message);

/// <summary>A part of a list, as OpenAI's clients read it.</summary>
internal sealed record VideoJobList(IReadOnlyList<VideoJobAnswer> Data, bool HasMore)
{
    public string Object { get; } = "list";

    public string? FirstId => Data.Count > 0 ? Data[0].Id : null;

    public string? LastId => Data.Count > 0 ? Data[^1].Id : null;

    /// <summary>What to send as <c>after</c> for the next part; null at the end.</summary>
    public string? NextAfter => HasMore ? LastId : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(VideoJobAnswer))]
[JsonSerializable(typeof(VideoJobList))]
[JsonSerializable(typeof(XaiVideoStart))]
[JsonSerializable(typeof(XaiVideoAnswer))]
internal sealed partial class VideoAnswerJson : JsonSerializerContext;
