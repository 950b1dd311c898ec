using LlmTr.Money;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>What text costs: the formula that is exact on every recorded answer (xAI contract, sections 2 and 4). Ticks per token.</summary>
internal static class Pricing
{
    /// <summary>A prompt of so many tokens, cached ones included, has its whole request billed at the higher rates. Whether exactly so many already do is not known; here they do.</summary>
    public const long LongContextThreshold = 200_000;

    private const long PriorityFactor = 2;

    private static readonly UsdTicks WebSearch = new(50_000_000);

    /// <summary>The rates of one token.</summary>
    public sealed record Rates(UsdTicks Input, UsdTicks Cached, UsdTicks Output);

    /// <summary>The rates of ordinary prompts.</summary>
    public static Rates Standard { get; } = new(new UsdTicks(12_500), new UsdTicks(2_000), new UsdTicks(25_000));

    /// <summary>The rates of long prompts.</summary>
    public static Rates LongContext { get; } = new(new UsdTicks(25_000), new UsdTicks(4_000), new UsdTicks(50_000));

    /// <summary>The cost of a request. Priority doubles its tokens; whether it doubles the fee of a search is not known, here it does not.</summary>
    public static UsdTicks Cost(Usage usage, bool priority)
    {
        var rates = usage.ContextInput >= LongContextThreshold ? LongContext : Standard;
        var tokens = (rates.Input * (usage.Input - usage.Cached)) + (rates.Cached * usage.Cached) + (rates.Output * usage.Output);
        return (priority ? tokens * PriorityFactor : tokens) + (WebSearch * usage.WebSearches);
    }
}
