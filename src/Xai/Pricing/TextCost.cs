using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Xai.Pricing;

/// <summary>What a text request costs by the catalogue, for where xAI reports no cost.</summary>
public static class TextCost
{
    /// <summary>
    /// The cost in ticks: uncached input, cached input and output, each at its price, all at the long-context prices once the input reaches
    /// the model's threshold. It equals xAI's own bill on every recorded answer (xAI contract, section 2).
    /// </summary>
    /// <param name="model">The model that answered.</param>
    /// <param name="usage">Zero or more of each; more cached than input tokens count as all input cached.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    /// <exception cref="OverflowException">The cost does not fit 64 bits: more than 10^11 tokens at any price that the catalogue may hold.</exception>
    public static UsdTicks Of(TextModel model, TokenUsage usage)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(usage.InputTokens, nameof(usage));
        ArgumentOutOfRangeException.ThrowIfNegative(usage.CachedTokens, nameof(usage));
        ArgumentOutOfRangeException.ThrowIfNegative(usage.OutputTokens, nameof(usage));

        var prices = model.PricesAt(usage.InputTokens);
        var cached = Math.Min(usage.CachedTokens, usage.InputTokens);
        return (prices.Input * (usage.InputTokens - cached)) + (prices.Cached * cached) + (prices.Output * usage.OutputTokens);
    }
}
