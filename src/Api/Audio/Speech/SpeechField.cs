namespace LlmTr.Api.Audio.Speech;

/// <summary>Every top-level field of a speech request that has a meaning here.</summary>
internal enum SpeechField
{
    // Forwarded, most of them renamed.
    Model,
    Input,
    Voice,
    Language,
    ResponseFormat,
    Speed,
    SampleRate,
    BitRate,

    // For the gateway alone.
    MaxBudgetUsd,

    // Neutral only.
    StreamFormat,

    // Refused by name.
    Instructions,
}
