namespace LlmTr.Api.Audio.Speech;

/// <summary>Every top-level field of xAI's own speech request (xAI contract, section 7.1).</summary>
internal enum TtsField
{
    // Forwarded.
    Text,
    VoiceId,
    Language,
    OutputFormat,
    Speed,

    // For the gateway alone.
    MaxBudgetUsd,

    // Neutral only.
    OptimizeStreamingLatency,
    WithTimestamps,

    // Refused by name: they change what is spoken, and with it what nobody here knows the price of.
    TextNormalization,
    Replace,
}

/// <summary>The members of <c>output_format</c>.</summary>
internal enum TtsFormatField
{
    Codec,
    SampleRate,
    BitRate,
}
