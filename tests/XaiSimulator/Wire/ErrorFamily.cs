namespace LlmTr.XaiSimulator.Wire;

/// <summary>The two families of <c>code</c> words that xAI's error bodies use side by side (xAI contract, section 1.3).</summary>
public enum ErrorFamily
{
    /// <summary>The newer slugs, such as <c>invalid-argument</c>.</summary>
    Slugs,

    /// <summary>The older gRPC sentences, such as <c>Client specified an invalid argument</c>.</summary>
    Sentences,
}
