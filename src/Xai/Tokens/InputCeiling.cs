using LlmTr.Xai.Catalogue;

using Microsoft.ML.Tokenizers;

namespace LlmTr.Xai.Tokens;

/// <summary>
/// Judges an input against its model's ceiling: by the cheap estimate where that is below, and by a real tokenizer only where it is above,
/// so that no honest 190,000-token request is refused at 200,000 and no small one pays for counting. One instance serves all requests, at once too.
/// </summary>
/// <remarks>
/// The vocabulary is o200k, since xAI's own is not published. It takes about 40 MB and up to a second to load, so it is loaded by the
/// first input that needs it. Prose just below a ceiling of 200,000 tokens is counted in about 30 milliseconds of one core, the worst
/// 32 MiB that were found in about one second, and in four for a ceiling of 1,000,000 (measured), so whoever calls this may want to
/// bound how many such counts run at once.
/// </remarks>
public sealed class InputCeiling
{
    private readonly Lazy<Tokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>True when the input may be sent to the model.</summary>
    /// <param name="model">The model asked for.</param>
    /// <param name="estimatedTokens">The cheap estimate, <see cref="TokenEstimate"/>.</param>
    /// <param name="text">The input itself, read only when the estimate is above the ceiling.</param>
    public bool Allows(TextModel model, long estimatedTokens, IInputText text)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        if (estimatedTokens <= model.InputCeilingTokens)
            return true;
        var tally = new TokenTally(_tokenizer.Value, model.InputCeilingTokens);
        text.AddTo(tally);
        return !tally.IsOver;
    }
}
