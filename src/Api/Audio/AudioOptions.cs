namespace LlmTr.Api.Audio;

/// <summary>The limits of speech and transcriptions: section <c>Audio</c> of the configuration.</summary>
public sealed class AudioOptions
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement =
        "Audio: SpooledBytes must be at least 536870912, and UploadLimit and SpeechLimit from 1 s to 6 h.";

    /// <summary>Bytes of uploads in temporary files at one time; beyond it the answer is 503. They lie beside the ledger, which must not run out of disk.</summary>
    public long SpooledBytes { get; set; } = 8L * 1024 * 1024 * 1024;

    /// <summary>How long an upload may take.</summary>
    public TimeSpan UploadLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>From sending a text to the end of its audio. A client that plays while it reads takes as long as the audio lasts.</summary>
    public TimeSpan SpeechLimit { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>True when all are in their ranges.</summary>
    public bool IsValid =>
        SpooledBytes >= 512 * 1024 * 1024
        && UploadLimit >= TimeSpan.FromSeconds(1) && UploadLimit <= TimeSpan.FromHours(6)
        && SpeechLimit >= TimeSpan.FromSeconds(1) && SpeechLimit <= TimeSpan.FromHours(6);
}
