using LlmTr.Money;

namespace LlmTr.Grains.Abstractions.Video;

/// <summary>Begins a video job. Idempotent by the job's id and <see cref="Body"/>.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.StartVideo")]
public sealed record StartVideo
{
    /// <summary>The account that pays.</summary>
    [Id(0)] public required string KeyId { get; init; }

    /// <summary>The hash of the secret that the caller presented.</summary>
    [Id(1)] public required SecretHash Secret { get; init; }

    /// <summary>The request's id, which becomes the hold's. Of a request that finds its job begun, it counts for nothing.</summary>
    [Id(2)] public required RequestId HoldId { get; init; }

    /// <summary>Of the body as it came; another one under the same id is another request.</summary>
    [Id(3)] public required Fingerprint Body { get; init; }

    /// <summary>The public model id.</summary>
    [Id(4)] public required string Model { get; init; }

    /// <summary>xAI's model.</summary>
    [Id(5)] public required string UpstreamModel { get; init; }

    /// <summary>What to show; null only with an image.</summary>
    [Id(6)] public string? Prompt { get; init; }

    /// <summary>Seconds.</summary>
    [Id(7)] public required int DurationSeconds { get; init; }

    /// <summary>Such as <c>16:9</c>; null leaves it to xAI.</summary>
    [Id(8)] public string? AspectRatio { get; init; }

    /// <summary><c>480p</c> or <c>720p</c>.</summary>
    [Id(9)] public required string Resolution { get; init; }

    /// <summary>The https URL of the image to begin with.</summary>
    [Id(10)] public string? ImageUrl { get; init; }

    /// <summary>Its name in the media store, where it came with the request.</summary>
    [Id(11)] public string? ImageName { get; init; }

    /// <summary>What it costs by the catalogue; above zero.</summary>
    [Id(12)] public required UsdTicks Price { get; init; }
}

/// <summary>What became of a <see cref="StartVideo"/>.</summary>
public enum StartVideoOutcome
{
    /// <summary>The job is there and its money is held, by this call or an earlier one: see <see cref="StartVideoReply.Job"/>.</summary>
    Begun = 0,

    /// <summary>A job of this id was begun with another body.</summary>
    Conflict = 1,

    /// <summary>Its money could not be held: see <see cref="StartVideoReply.Refusal"/>. There is no job.</summary>
    Refused = 2,

    /// <summary>The account has not said yet.</summary>
    Undecided = 3,
}

/// <summary>Answers <see cref="StartVideo"/>.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.StartVideoReply")]
public sealed record StartVideoReply
{
    /// <summary>What became of it.</summary>
    [Id(0)] public required StartVideoOutcome Outcome { get; init; }

    /// <summary>The job; null where it was refused.</summary>
    [Id(1)] public VideoJobView? Job { get; init; }

    /// <summary>What the account said; only where it refused.</summary>
    [Id(2)] public PlaceHoldReply? Refusal { get; init; }

    /// <summary>How the key's limits stand; null without any, and for a job that was begun before.</summary>
    [Id(3)] public RateStatus? Rate { get; init; }
}
