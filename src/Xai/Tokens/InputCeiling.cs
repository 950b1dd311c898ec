using LlmTr.Xai.Catalogue;

using Microsoft.ML.Tokenizers;

namespace LlmTr.Xai.Tokens;

/// <summary>
/// Measures an input against the two lengths that matter: its model's ceiling, and where the prices of a long context begin. An input that cannot reach the nearer of them is measured
/// by the cheap estimate alone. Any other is really counted, so that no honest 190,000-token request is refused at 200,000, no dense one of 400,000 passes for less, and no small one
/// pays for counting. One instance serves all requests, at once too.
/// </summary>
/// <remarks>
/// The vocabulary is o200k, since xAI's own is not published. It takes about 40 MB and up to a second to load, so it is loaded by the
/// first input that needs it. Prose just below a ceiling of 200,000 tokens is counted in about 30 milliseconds of one core. That is little beside the seconds that xAI
/// takes to read such an input and the quarter of a dollar that it costs, and it is what keeps the hold from being four times too small. The worst
/// 32 MiB that were found take about one second, and four for a ceiling of 1,000,000 (measured), so whoever calls this may want to
/// bound how many such counts run at once.
/// </remarks>
public sealed class InputCeiling
{
    private const int MostTokensPerEstimated = 2;

    private readonly Lazy<Tokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>The tokens to hold money for: the estimate, or the count where that is more; null when the input is longer than the model takes.</summary>
    /// <param name="model">The model asked for.</param>
    /// <param name="estimatedTokens">The cheap estimate, <see cref="TokenEstimate"/>.</param>
    /// <param name="text">The input itself, read only when it may reach one of the lengths.</param>
    public long? Measure(TextModel model, long estimatedTokens, IInputText text)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);

        // The densest text that was found, base64, has 1.46 bytes to a token, half of what the estimate takes. Counting from a byte to a token on made a request of 256 KB cost 30 ms and 14 MB.
        if (estimatedTokens * MostTokensPerEstimated <= Math.Min(model.InputCeilingTokens, model.LongContextFromTokens))
            return estimatedTokens;
        var tally = new TokenTally(_tokenizer.Value, model.InputCeilingTokens);
        text.AddTo(tally);
        return tally.IsOver ? null : Math.Max(estimatedTokens, tally.Tokens + TokenEstimate.Overhead);
    }
}
