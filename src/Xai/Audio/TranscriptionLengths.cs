namespace LlmTr.Xai.Audio;

/// <summary>
/// What is known of some audio's length before it is sent, and what follows from it: how long a hold must cover, and what is charged when xAI's answer
/// does not tell.
/// </summary>
/// <param name="Measured">From the audio's own bytes; null where they do not tell.</param>
/// <param name="Stated">From the caller; null where he says nothing.</param>
/// <param name="Bytes">The audio's size.</param>
/// <param name="Unknown">What counts where neither is known.</param>
/// <param name="Most">The longest audio that is taken.</param>
public readonly record struct TranscriptionLengths(AudioLength? Measured, AudioLength? Stated, long Bytes, AudioLength Unknown, AudioLength Most)
{
    // 44.1 kHz, two channels, 16 bits. Nothing that is sent to be written down has reason to be wider.
    private const long BytesPerSecondOfDisc = 176_400;

    // 12 kbit/s, the least that speech is commonly stored with. Silence can be stored with less, so this is no bound: what escapes it is the operator's loss, within the hold's rules.
    private const long BytesPerSecondOfThinSpeech = 1_500;

    /// <summary>
    /// The length to hold money for. The longer of what is known, and never less than so many bytes would play from an audio disc: a header or a caller that says less lies, or
    /// the audio is wider than need be; either way the rest of the hold returns. Where the audio's own bytes do not tell, a caller's word makes the hold no smaller than so many
    /// bytes of thin speech would last.
    /// </summary>
    public AudioLength Held => Measured is { } measured
        ? AudioLength.Max(AudioLength.Max(measured, Stated ?? AudioLength.Zero), AsDisc)
        : AudioLength.Max(AudioLength.Max(Stated ?? Unknown, AsDisc), AudioLength.Min(AsThinSpeech, Most));

    private AudioLength AsThinSpeech => AudioLength.Of(Bytes, BytesPerSecondOfThinSpeech);

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
