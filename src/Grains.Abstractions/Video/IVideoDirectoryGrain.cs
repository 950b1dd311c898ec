using Orleans.CodeGeneration;

namespace LlmTr.Grains.Abstractions.Video;

/// <summary>Lists video jobs. It keeps nothing of its own: every call asks the store of the jobs.</summary>
[Alias("llmtr.IVideoDirectoryGrain"), Version(1)]
public interface IVideoDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>One page of jobs, the youngest first.</summary>
    /// <exception cref="VideoJobUnavailableException">The store could not be read.</exception>
    [Alias("List")]
    Task<VideoJobPage> List(VideoJobQuery query, CancellationToken cancellation = default);
}

/// <summary>Which jobs to list.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.VideoJobQuery")]
public sealed record VideoJobQuery
{
    /// <summary>Whose; null for everyone's, which only operators may see.</summary>
    [Id(0)] public string? KeyId { get; init; }

    /// <summary>How they stand; null for any.</summary>
    [Id(1)] public VideoJobStatus? Status { get; init; }

    /// <summary>The page begins behind this job; null for the first page.</summary>
    [Id(2)] public string? After { get; init; }

    /// <summary>At most so many, 1 to 1,000.</summary>
    [Id(3)] public required int Limit { get; init; }
}

/// <summary>One page of jobs.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.VideoJobPage")]
public sealed record VideoJobPage
{
    /// <summary>The youngest first.</summary>
    [Id(0)] public required IReadOnlyList<VideoJobView> Jobs { get; init; }

    /// <summary>True when there are more behind the last one.</summary>
    [Id(1)] public required bool HasMore { get; init; }
}
