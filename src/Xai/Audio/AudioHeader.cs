namespace LlmTr.Xai.Audio;

/// <summary>
/// The length of audio as its own bytes tell it. What cannot be read is not guessed. Headers are the customer's word: a length is one thing to hold money
/// for and never a bound of what xAI may bill.
/// </summary>
public static class AudioHeader
{
    /// <summary>Reads the length of wav, mp3, flac and mp4 (m4a, mov); null for everything else and for what is broken, whatever the bytes.</summary>
    /// <param name="audio">The whole audio, readable and seekable; its position is lost, and it is not disposed. It is read synchronously, at most 32 MiB of it.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static AudioLength? ReadLength(Stream audio)
    {
        ArgumentNullException.ThrowIfNull(audio);
        var file = new AudioFile(audio);
        var head = file.At(0, 12);
        var length = head switch
        {
            _ when head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) => head[^4..].SequenceEqual("WAVE"u8) ? WavHeader.ReadLength(file) : null,
            _ when head.StartsWith("fLaC"u8) => FlacHeader.ReadLength(file),
            _ when head.Length > 8 && head[4..].StartsWith("ftyp"u8) => Mp4Header.ReadLength(audio),
            _ => Mp3Frames.ReadLength(file),
        };

        // Nothing at all may be in a file, but then nobody can say that its header was right.
        return length is { IsPositive: true } ? length : null;
    }
}
