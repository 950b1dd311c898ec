using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Models;

/// <summary>One line of a price list.</summary>
/// <param name="Operation">What is done: <c>RESPONSES</c>, <c>IMAGES_GENERATIONS</c> and so on.</param>
/// <param name="Metric">What is counted, such as <c>input_tokens</c> or <c>output_image_2k</c>.</param>
/// <param name="Unit">How many of it, in words: <c>1M tokens</c>, <c>image</c>, <c>second</c>, <c>1M characters</c>, <c>hour</c>.</param>
/// <param name="Price">What a unit costs.</param>
internal readonly record struct ModelPrice(string Operation, string Metric, string Unit, UsdTicks Price);

/// <summary>The catalogue's prices as a list that people and programs read.</summary>
internal static class ModelPrices
{
    private const int Million = 1_000_000;

    /// <summary>What a gateway's path is called as an operation: <c>/v1/images/edits</c> is <c>IMAGES_EDITS</c>.</summary>
    public static string Operation(string endpoint) => endpoint["/v1/".Length..].Replace('/', '_').ToUpperInvariant();

    /// <summary>The prices of everything that a model does.</summary>
    public static IEnumerable<ModelPrice> Of(CatalogueModel model) => model.Endpoints.SelectMany(endpoint => Of(model, Operation(endpoint)));

    private static IEnumerable<ModelPrice> Of(CatalogueModel model, string operation) => model switch
    {
        TextModel text =>
        [
            .. Tokens(operation, text.Prices, ""),
            .. Tokens(operation, text.LongContextPrices, $"_from_{text.LongContextFromTokens}_input_tokens"),
        ],
        ImageModel image =>
        [
            .. image.OutputPrices.Select(price => new ModelPrice(operation, $"output_image_{price.Key}", "image", price.Value)),
            .. operation == "IMAGES_EDITS" ? image.InputPrices.Select(price => new ModelPrice(operation, $"input_image_{price.Key}", "image", price.Value)) : [],
        ],
        VideoModel video =>
        [
            .. video.PricesPerSecond.Select(price => new ModelPrice(operation, $"output_video_{price.Key}", "second", price.Value)),
            new(operation, "input_image", "image", video.InputImagePrice),
        ],
        SpeechModel speech => [new(operation, "input_characters", "1M characters", speech.PricePerCharacter * Million)],
        TranscriptionModel transcription => [new(operation, "input_audio", "hour", transcription.PricePerHour)],
        _ => [],
    };

    private static IEnumerable<ModelPrice> Tokens(string operation, TextPrices prices, string suffix) =>
    [
        new(operation, $"input_tokens{suffix}", "1M tokens", prices.Input * Million),
        new(operation, $"cached_input_tokens{suffix}", "1M tokens", prices.Cached * Million),
        new(operation, $"output_tokens{suffix}", "1M tokens", prices.Output * Million),
    ];
}
