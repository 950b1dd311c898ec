using LlmTr.Xai.Catalogue;

using Microsoft.ML.Tokenizers;

namespace LlmTr.Xai.Tokens;

/// <summary>
/// Measures an input against the two lengths that matter: its model's ceiling, and where the prices of a long context begin. An input that cannot reach the nearer of them is measured
/// by the cheap estimate alone, as is one that would have to be denser than base64 and by a quarter of a sample is not; any other by a sample of it, and one whose sample leaves open on which side of the ceiling it is must be counted: so that no honest 190,000-token request
/// is refused at 200,000, no dense one of 400,000 passes for less, and few pay for counting. One instance serves all requests, at once too.
/// </summary>
/// <remarks>
/// The vocabulary is o200k, since xAI's own is not published. It takes about 40 MB and up to a second to load, so it is loaded by the
/// first input that needs it. A count of 200,000 tokens takes from 60 (prose) to 190 milliseconds (base64) of one core, and one of 1,000,000 a second (measured), whatever the caller
/// pays: so whoever counts bounds how many counts run at once. A sample takes at most 10 milliseconds, 1 to 2 for prose.
/// </remarks>
/// <param name="secret">Decides where inputs are sampled. Whoever knows it can write a text that is dense everywhere but there; who has the same one quotes alike.</param>
public sealed class InputCeiling(byte[] secret)
{
    // Base64 and runs of symbols have 1.44. Denser are digits one by one, with something between them: the 1 below which nothing is.
    private const double UsualLeastBytesPerToken = 1.4;

    private const int FewWindows = TokenSample.Windows / 4;

    private readonly Lazy<Tokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Measures an input without counting it.</summary>
    /// <param name="model">The model asked for.</param>
    /// <param name="estimatedTokens">The cheap estimate, <see cref="TokenEstimate"/>.</param>
    /// <param name="text">The input itself, read only when it may reach one of the lengths.</param>
    public InputLength Measure(TextModel model, long estimatedTokens, IInputText text)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);

        // No token is shorter than a byte.
        var bytes = estimatedTokens * TokenEstimate.BytesPerToken;
        var limit = Math.Min(model.InputCeilingTokens, model.LongContextFromTokens);
        if (bytes <= limit)
            return new InputLength(estimatedTokens, LengthVerdict.Taken);

        // Nearly all texts of these lengths are far below the limit, and have fewer tokens than they are estimated at: that much is told by a quarter of the windows.
        var seed = text.SeedOf(secret);
        if (bytes <= UsualLeastBytesPerToken * limit && Sample(text, seed, FewWindows).Most + TokenEstimate.Overhead <= estimatedTokens)
            return new InputLength(estimatedTokens, LengthVerdict.Taken);

        var (least, most) = Sample(text, seed, TokenSample.Windows);
        var verdict = least > model.InputCeilingTokens ? LengthVerdict.TooLong
            : most > model.InputCeilingTokens ? LengthVerdict.MustBeCounted
            : LengthVerdict.Taken;
        return new InputLength(Math.Max(estimatedTokens, most + TokenEstimate.Overhead), verdict);
    }

    /// <summary>Counts an input; the verdict is never <see cref="LengthVerdict.MustBeCounted"/>.</summary>
    /// <param name="model">The model asked for.</param>
    /// <param name="estimatedTokens">The cheap estimate.</param>
    /// <param name="text">The input itself.</param>
    public InputLength Count(TextModel model, long estimatedTokens, IInputText text)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        var tally = new TokenTally(_tokenizer.Value, model.InputCeilingTokens);
        text.AddTo(tally);
        return new InputLength(Math.Max(estimatedTokens, tally.Tokens + TokenEstimate.Overhead), tally.IsOver ? LengthVerdict.TooLong : LengthVerdict.Taken);
    }

    private (long Least, long Most) Sample(IInputText text, int seed, int windows)
    {
        var sample = new TokenSample(_tokenizer.Value, text.Chars, new Random(seed), windows);
        text.AddTo(sample);
        return sample.End();
    }
}
