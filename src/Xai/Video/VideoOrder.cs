namespace LlmTr.Xai.Video;

/// <summary>What xAI is asked to make (xAI contract, section 6.1). Every value has been checked by who made it.</summary>
public sealed record VideoOrder
{
    /// <summary>The value of <c>model</c> that xAI gets.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>What to show; null only with an image.</summary>
    public string? Prompt { get; init; }

    /// <summary>Seconds, 1 to 15.</summary>
    public required int DurationSeconds { get; init; }

    /// <summary>Such as <c>16:9</c>; null leaves it to xAI.</summary>
    public string? AspectRatio { get; init; }

    /// <summary><c>480p</c> or <c>720p</c>. Always sent: the price hangs on it.</summary>
    public required string Resolution { get; init; }

    /// <summary>The https URL of the image to begin with; null without one, and where it lies in the media store.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>The name in the media store of the image to begin with, kept there as the text of its data URI; null without one.</summary>
    public string? ImageName { get; init; }
}
