using System.Collections.Immutable;
using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>A model that makes images: <c>/v1/images/generations</c> and <c>/v1/images/edits</c> (xAI contract, section 5).</summary>
public sealed class ImageModel : CatalogueModel
{
    /// <summary>The most images that one request may ask for or bring, whatever the file says: with it no quote can overflow.</summary>
    public const int MostImages = 100;

    /// <summary>The value of <c>model</c> that xAI gets. Never sent to a customer.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>The price of one image made, by resolution (<c>1k</c>, <c>2k</c>); the first is the default.</summary>
    public required ImmutableArray<KeyValuePair<string, UsdTicks>> OutputPrices { get; init; }

    /// <summary>
    /// The price of one image that an edit starts from, by resolution, for the hold and for answers without a cost. What is charged is what xAI
    /// reports.
    /// </summary>
    public required ImmutableArray<KeyValuePair<string, UsdTicks>> InputPrices { get; init; }

    /// <summary>The largest <c>n</c>.</summary>
    public required int MostOutputImages { get; init; }

    /// <summary>The most images that an edit starts from.</summary>
    public required int MostInputImages { get; init; }

    /// <summary>The aspect ratios that xAI takes, as it writes them.</summary>
    public required ImmutableArray<string> AspectRatios { get; init; }

    /// <summary>The resolutions, the default first.</summary>
    public required ImmutableArray<string> Resolutions { get; init; }

    /// <summary>What so many images cost by the catalogue.</summary>
    /// <param name="resolution">One of <see cref="Resolutions"/>.</param>
    /// <param name="made">Images that come out.</param>
    /// <param name="given">Images that go in.</param>
    public UsdTicks Cost(string resolution, int made, int given) => (OutputPrices.At(resolution) * made) + (InputPrices.At(resolution) * given);
}
