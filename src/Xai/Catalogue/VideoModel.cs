using System.Collections.Immutable;
using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>A model that makes videos: <c>/v1/video/generations</c> (xAI contract, section 6).</summary>
public sealed class VideoModel : CatalogueModel
{
    /// <summary>The longest video in seconds that the file may allow: with it no quote can overflow.</summary>
    public const int MostSecondsEver = 3600;

    /// <summary>The value of <c>model</c> that xAI gets. Never sent to a customer.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>The price of a second, by resolution (<c>480p</c>, <c>720p</c>); the first is the default.</summary>
    public required ImmutableArray<KeyValuePair<string, UsdTicks>> PricesPerSecond { get; init; }

    /// <summary>The price of the image that a video starts from.</summary>
    public required UsdTicks InputImagePrice { get; init; }

    /// <summary>The shortest video in seconds.</summary>
    public required int LeastSeconds { get; init; }

    /// <summary>The longest video in seconds.</summary>
    public required int MostSeconds { get; init; }

    /// <summary>The length in seconds where the caller names none.</summary>
    public required int DefaultSeconds { get; init; }

    /// <summary>The aspect ratios that xAI takes, as it writes them.</summary>
    public required ImmutableArray<string> AspectRatios { get; init; }

    /// <summary>The resolutions, the default first.</summary>
    public required ImmutableArray<string> Resolutions { get; init; }

    /// <summary>What a video costs by the catalogue.</summary>
    /// <param name="resolution">One of <see cref="Resolutions"/>.</param>
    /// <param name="seconds">Its length.</param>
    /// <param name="fromImage">True when it starts from an image.</param>
    public UsdTicks Cost(string resolution, int seconds, bool fromImage) =>
        (PricesPerSecond.At(resolution) * seconds) + (fromImage ? InputImagePrice : UsdTicks.Zero);
}
