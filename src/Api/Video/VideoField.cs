namespace LlmTr.Api.Video;

/// <summary>Every top-level field of a video's body. The JSON name is the member's own in snake case.</summary>
internal enum VideoField
{
    // Forwarded, some of them renamed.
    Model,
    Prompt,
    DurationSeconds,
    AspectRatio,
    Resolution,
    Image,

    // For the gateway alone.
    MaxWaitSeconds,
    MaxBudgetUsd,
}
