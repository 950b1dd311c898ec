namespace LlmTr.Xai.Pricing;

/// <summary>What a text request used, as <c>usage</c> of <c>/v1/responses</c> counts it (xAI contract, section 3.6).</summary>
/// <param name="InputTokens">All input tokens, cached ones included.</param>
/// <param name="CachedTokens">Those of them that came from xAI's cache.</param>
/// <param name="OutputTokens">Output tokens, reasoning included.</param>
public readonly record struct TokenUsage(long InputTokens, long CachedTokens, long OutputTokens);
