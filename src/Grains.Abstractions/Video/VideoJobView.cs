using System.Text.Json.Serialization;
using LlmTr.Money;

namespace LlmTr.Grains.Abstractions.Video;

/// <summary>How a job stands, as its customer is told it.</summary>
public enum VideoJobStatus
{
    /// <summary>Nothing was sent to xAI yet.</summary>
    [JsonStringEnumMemberName("queued")] Queued = 0,

    /// <summary>xAI has it, or its end is being booked or copied.</summary>
    [JsonStringEnumMemberName("in_progress")] InProgress = 1,

    /// <summary>There is a video.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded = 2,

    /// <summary>There is none.</summary>
    [JsonStringEnumMemberName("failed")] Failed = 3,

    /// <summary>It took longer than anyone waits.</summary>
    [JsonStringEnumMemberName("expired")] Expired = 4,
}

/// <summary>A job as it may be shown to its customer. It holds no prompt.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.VideoJobView")]
public sealed record VideoJobView
{
    /// <summary>The job's id.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    [Id(1)] public required string KeyId { get; init; }

    /// <summary>The id of its hold, and of its ledger entries.</summary>
    [Id(2)] public required RequestId HoldId { get; init; }

    /// <summary>How it stands.</summary>
    [Id(3)] public required VideoJobStatus Status { get; init; }

    /// <summary>The public model id.</summary>
    [Id(4)] public required string Model { get; init; }

    /// <summary>Percent, as xAI tells it.</summary>
    [Id(5)] public required int Progress { get; init; }

    /// <summary>Seconds that were asked for.</summary>
    [Id(6)] public required int DurationSeconds { get; init; }

    /// <summary>When it was begun.</summary>
    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was over; null before.</summary>
    [Id(8)] public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Seconds that were made; null without a video.</summary>
    [Id(9)] public int? SecondsGenerated { get; init; }

    /// <summary>The true cost; null where nothing was charged, and as long as nobody knows it.</summary>
    [Id(10)] public UsdTicks? Cost { get; init; }

    /// <summary>Who said so.</summary>
    [Id(11)] public CostSource CostSource { get; init; }

    /// <summary>What the key paid of it; null until the account has said so.</summary>
    [Id(12)] public UsdTicks? Charged { get; init; }

    /// <summary>The available balance right after the charge; null where nothing was charged.</summary>
    [Id(13)] public UsdTicks? Available { get; init; }

    /// <summary>The machine-readable word for what went wrong; null where nothing did.</summary>
    [Id(14)] public string? ErrorType { get; init; }

    /// <summary>What went wrong, as a sentence.</summary>
    [Id(15)] public string? ErrorMessage { get; init; }

    /// <summary>The file in the media store; null where there is none (any more).</summary>
    [Id(16)] public VideoFile? File { get; init; }

    /// <summary>xAI's own URL, where the copy failed.</summary>
    [Id(17)] public string? ProviderUrl { get; init; }

    /// <summary>True once nothing about it will change, but for the end of its file.</summary>
    public bool IsOver => Status is not (VideoJobStatus.Queued or VideoJobStatus.InProgress);
}

/// <summary>A finished video in the media store.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">The SHA-256 of its bytes, hexadecimal.</param>
/// <param name="KeptUntil">When it is deleted.</param>
[GenerateSerializer, Immutable, Alias("llmtr.VideoFile")]
public sealed record VideoFile([property: Id(0)] string Name, [property: Id(1)] long Bytes, [property: Id(2)] string Sha256, [property: Id(3)] DateTimeOffset KeptUntil);

/// <summary>A job's state could not be read or written. Repeat the call.</summary>
[GenerateSerializer, Alias("llmtr.VideoJobUnavailableException")]
public sealed class VideoJobUnavailableException : Exception
{
    /// <summary>Nothing more is known.</summary>
    public VideoJobUnavailableException()
        : this("The job's state cannot be reached. Repeat the call.")
    {
    }

    /// <summary>Says why.</summary>
    public VideoJobUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what lies behind it.</summary>
    public VideoJobUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
