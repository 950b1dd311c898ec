namespace LlmTr.Api.Video;

/// <summary>Every top-level field of a video's body in xAI's own shape (xAI contract, section 6.1).</summary>
internal enum XaiVideoField
{
    // Forwarded.
    Model,
    Prompt,
    Duration,
    AspectRatio,
    Resolution,
    Image,

    // For the gateway alone.
    MaxBudgetUsd,

    // Ignored: it changes neither answer nor price.
    User,

    // Refused by name: other models', or with a price that is not in the catalogue.
    Video,
    ReferenceImages,
    ReferenceAudios,
    GenerateAudio,
    Output,
    StorageOptions,
}
