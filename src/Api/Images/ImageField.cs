namespace LlmTr.Api.Images;

/// <summary>Every top-level field of a request for images that has a meaning here. The JSON name is the member's own in snake case.</summary>
internal enum ImageField
{
    // Forwarded.
    Model,
    Prompt,
    N,
    AspectRatio,
    Resolution,
    ResponseFormat,
    User,
    Image,
    Images,

    // For the gateway alone; a size is forwarded as the aspect ratio and resolution that it means.
    MaxBudgetUsd,
    Size,

    // Neutral only: what OpenAI's clients send, accepted at the value that changes nothing.
    Quality,
    Background,
    Style,
    Moderation,
    OutputFormat,
    Stream,
    PartialImages,

    // Refused by name.
    Mask,
    InputFidelity,
}
