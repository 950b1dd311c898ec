namespace LlmTr.Xai.Audio;

/// <summary>
/// What is known of some audio's length before it is sent, and what follows from it: how long a hold must cover, and what is charged when xAI's answer
/// does not tell.
/// </summary>
/// <param name="Measured">From the audio's own bytes; null where they do not tell.</param>
/// <param name="Stated">From the caller; null where he says nothing.</param>
/// <param name="Bytes">The audio's size.</param>
/// <param name="Unknown">What counts where neither is known.</param>
public readonly record struct TranscriptionLengths(AudioLength? Measured, AudioLength? Stated, long Bytes, AudioLength Unknown)
{
    // 44.1 kHz, two channels, 16 bits. Nothing that is sent to be written down has reason to be wider.
    private const long BytesPerSecondOfDisc = 176_400;

    /// <summary>
    /// The length to hold money for: the longer of what is known, and never less than so many bytes would play from an audio disc. A header or a caller that says less lies, or
    /// the audio is wider than need be; either way the rest of the hold returns.
    /// </summary>
    public AudioLength Held => AudioLength.Max(
        (Measured, Stated) switch
        {
            ({ } measured, { } stated) => AudioLength.Max(measured, stated),
            (null, null) => Unknown,
            _ => Measured ?? Stated!.Value,
        },
        AsDisc);

    private AudioLength AsDisc => AudioLength.Of(Bytes, BytesPerSecondOfDisc);

    /// <summary>
    /// The length that an answer without a usable duration is charged for, never above <see cref="Held"/>: what the audio says of itself, else what the caller said, else where
    /// xAI's last word ends but at least what so many bytes would play from an audio disc.
    /// </summary>
    /// <param name="lastWordEnd">Where the last word of the answer ends; zero without one.</param>
    public AudioLength Estimate(AudioLength lastWordEnd) =>
        AudioLength.Min(Held, Measured ?? Stated ?? AudioLength.Max(lastWordEnd, AsDisc));

    /// <summary>
    /// True when a reported duration says what was billed. Zero does, for audio in which nothing can be found, unless the audio's own bytes say otherwise.
    /// </summary>
    public bool Bears(AudioLength reported) => reported.IsPositive || Measured is null;
}
