using LlmTr.Xai.Catalogue;

namespace LlmTr.Xai.Tokens;

/// <summary>The cheap estimate of an input's tokens that holds are made from. An estimate, not a bound: what escapes it is settled all the same.</summary>
public static class TokenEstimate
{
    /// <summary>UTF-8 bytes that count as one token. Prose has four or more to a token, so this errs on the safe side.</summary>
    public const int BytesPerToken = 3;

    /// <summary>Tokens added to every request: xAI puts a hidden prompt of about 190 tokens in front (xAI contract, section 2).</summary>
    public const int Overhead = 256;

    /// <summary>The estimated input tokens.</summary>
    /// <param name="model">Whose <see cref="TextModel.TokensPerImage"/> counts.</param>
    /// <param name="textBytes">UTF-8 bytes of everything the model reads, without images; 0 or more.</param>
    /// <param name="images">Number of images; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static long Of(TextModel model, long textBytes, int images)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(textBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        return (textBytes / BytesPerToken) + (textBytes % BytesPerToken > 0 ? 1 : 0) + Overhead + ((long)images * model.TokensPerImage);
    }
}
