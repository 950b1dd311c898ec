using System.Collections.Immutable;
using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>Prices that hang on a word, such as a resolution.</summary>
internal static class PricesByName
{
    /// <summary>The price at the word, which must be one of them.</summary>
    public static UsdTicks At(this ImmutableArray<KeyValuePair<string, UsdTicks>> prices, string name)
    {
        foreach (var (known, price) in prices)
        {
            if (known == name)
                return price;
        }

        throw new ArgumentOutOfRangeException(nameof(name), name, "There is no price at this name.");
    }
}
