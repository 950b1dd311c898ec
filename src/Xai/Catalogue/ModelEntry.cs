using System.Collections.Immutable;
using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>The fields that the entries of several kinds of models have.</summary>
internal static class ModelEntry
{
    /// <summary>100 USD: far above any price of one thing, so that a slip of zeros in the file is noticed, and so low that no quote can overflow.</summary>
    public const long MostPriceTicks = 100 * UsdTicks.PerUsd;

    /// <summary>The gateway's paths.</summary>
    public static ImmutableArray<string> Endpoints(this CatalogueFields model) =>
        model.Texts("endpoints", path => path.StartsWith("/v1/", StringComparison.Ordinal), "paths that begin with /v1/");

    /// <summary>When the model came out, in Unix seconds.</summary>
    public static long Created(this CatalogueFields model) => model.Number("created", 0, 253_402_300_799);

    /// <summary>What goes in or comes out.</summary>
    public static ImmutableArray<string> Modalities(this CatalogueFields modalities, string direction, params string[] allowed) =>
        modalities.Texts(direction, modality => allowed.Contains(modality, StringComparer.Ordinal), string.Join(" and ", allowed.Select(word => $"'{word}'")));

    /// <summary>The price of one thing; zero is allowed.</summary>
    public static UsdTicks Price(this CatalogueFields prices, string name) => new(prices.Number(name, 0, MostPriceTicks));

    /// <summary>Prices by a word, such as a resolution, in the order of the file.</summary>
    public static ImmutableArray<KeyValuePair<string, UsdTicks>> PricesByName(this CatalogueFields model, string name)
    {
        var prices = model.Object(name);
        var read = prices.Names().Select(word => KeyValuePair.Create(word, prices.Price(word))).ToImmutableArray();
        return read.IsEmpty ? throw model.Wrong(name, "must hold at least one price") : read;
    }

    /// <summary>The aspect ratios, as xAI writes them.</summary>
    public static ImmutableArray<string> AspectRatios(this CatalogueFields model) =>
        model.Texts("aspect_ratios", ratio => ratio == "auto" || ratio.All(c => char.IsAsciiDigit(c) || c is ':' or '.'), "ratios such as '16:9'");

    /// <summary>A list of words of letters, digits and dashes.</summary>
    public static ImmutableArray<string> Words(this CatalogueFields model, string name) =>
        model.Texts(name, IsWord, "words of letters, digits and dashes");

    /// <summary>True for letters, digits and dashes, which JSON needs no escape for.</summary>
    public static bool IsWord(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
