namespace LlmTr.Xai.Audio;

/// <summary>An encoding without any header (xAI contract, section 7.2).</summary>
public enum RawEncoding
{
    /// <summary>Signed 16-bit samples, as everywhere else that a voice interface says pcm; the contract does not tell the width.</summary>
    Pcm,

    /// <summary>G.711 µ-law, 8 bits.</summary>
    Mulaw,

    /// <summary>G.711 A-law, 8 bits.</summary>
    Alaw,
}

/// <summary>Audio without a header: its length follows from its size.</summary>
public static class RawAudio
{
    /// <summary>The length of so many bytes of one channel.</summary>
    /// <param name="encoding">How a sample is written.</param>
    /// <param name="bytes">Zero or more.</param>
    /// <param name="sampleRate">Samples a second, above zero.</param>
    public static AudioLength Length(RawEncoding encoding, long bytes, int sampleRate) =>
        AudioLength.Of(bytes, (long)sampleRate * (encoding == RawEncoding.Pcm ? 2 : 1));
}
