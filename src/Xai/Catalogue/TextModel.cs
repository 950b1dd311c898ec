using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>A model that answers <c>/v1/responses</c>: its prices in ticks, its limits in tokens, and what it can take.</summary>
public sealed class TextModel : CatalogueModel
{
    /// <summary>The most tokens that any limit of the catalogue may say: with it no quote can overflow.</summary>
    public const int MostTokens = 100_000_000;

    /// <summary>The value of <c>model</c> that xAI gets. Never sent to a customer.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>Prices of a request whose prompt is below <see cref="LongContextFromTokens"/>.</summary>
    public required TextPrices Prices { get; init; }

    /// <summary>Prices of the whole request from the threshold on; each at least the short one.</summary>
    public required TextPrices LongContextPrices { get; init; }

    /// <summary>
    /// Input tokens, cached ones too, from which the whole request costs <see cref="LongContextPrices"/>. Whether exactly this many are in or
    /// out is not known (xAI contract, section 11); they count as in, so that the hold is never too small.
    /// </summary>
    public required int LongContextFromTokens { get; init; }

    /// <summary>The model's context window in tokens.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>The largest input in tokens that the gateway takes for this model; more is a 413.</summary>
    public required int InputCeilingTokens { get; init; }

    /// <summary>The cap that xAI applies when none is sent (128,000; xAI contract, section 3.1). The gateway never chooses more than this.</summary>
    public required int DefaultMaxOutputTokens { get; init; }

    /// <summary>The smallest cap in tokens that the gateway chooses by itself; a balance that does not cover it is refused.</summary>
    public required int LeastOutputTokens { get; init; }

    /// <summary>The largest <c>max_output_tokens</c> that a caller may ask for. xAI documents a default but no limit, so this is the context window.</summary>
    public required int MostOutputTokens { get; init; }

    /// <summary>True when xAI does not keep to <c>max_output_tokens</c> (multi-agent; xAI contract, section 3.3), so that a lower cap saves nothing.</summary>
    public required bool IgnoresMaxOutputTokens { get; init; }

    /// <summary>The least that a request on this model holds, in ticks. Zero but for models that ignore the cap.</summary>
    public required UsdTicks LeastHold { get; init; }

    /// <summary>
    /// Tokens that one input image is taken for. Nobody knows xAI's number (the contract is silent), so the shipped 2,048 is a guess on the
    /// safe side. It bears on the hold and on estimates only: what is charged is what xAI reports.
    /// </summary>
    public required int TokensPerImage { get; init; }

    /// <summary>True when function tools may be sent (not on multi-agent: xAI asks for beta access).</summary>
    public required bool FunctionTools { get; init; }

    /// <summary>True when <c>stop</c> works (4.3 and 4.20; xAI contract, section 3.1).</summary>
    public required bool Stop { get; init; }

    /// <summary>The effort levels that the model takes.</summary>
    public required ModelEffort Effort { get; init; }

    /// <summary>True when the model takes images as input.</summary>
    public bool ImageInput => InputModalities.Contains("image", StringComparer.Ordinal);

    /// <summary>The prices of a request with this many input tokens, cached ones included.</summary>
    public TextPrices PricesAt(long inputTokens) => inputTokens >= LongContextFromTokens ? LongContextPrices : Prices;
}
