namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>Every field of a transcription request that has a meaning here, in JSON or as a part of a form.</summary>
internal enum TranscriptionField
{
    // Forwarded.
    Model,
    AudioFormat,
    SampleRate,
    Language,
    Format,

    // The audio itself, in JSON; a form has 'file' instead.
    AudioBase64,

    // For the gateway alone.
    DurationSeconds,
    MaxBudgetUsd,
    ResponseFormat,

    // Neutral only.
    Stream,

    // Ignored: hints that change neither price nor, at xAI, the answer.
    Temperature,
    Prompt,
    ChunkingStrategy,
    TimestampGranularities,

    // Refused by name: xAI's own, which change what is billed or how the answer looks.
    Url,
    Diarize,
    Multichannel,
    Channels,
    Keyterm,
    FillerWords,
    VadThreshold,
}
