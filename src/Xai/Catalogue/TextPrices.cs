using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>
/// What a text model costs, in ticks per token. A cached token is never dearer than an uncached one (checked when the catalogue is
/// loaded), so a quote that takes all input as uncached is never too low.
/// </summary>
/// <param name="Input">Per input token that was not in xAI's cache.</param>
/// <param name="Cached">Per input token that was.</param>
/// <param name="Output">Per output token, reasoning included.</param>
public readonly record struct TextPrices(UsdTicks Input, UsdTicks Cached, UsdTicks Output)
{
    /// <summary>The highest price that the catalogue may hold, in ticks per token (1,000 USD per million): with it no quote can overflow.</summary>
    public const long MostTicksPerToken = 10_000_000;
}
