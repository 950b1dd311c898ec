namespace LlmTr.Api.Audio.Transcriptions.Formats;

/// <summary>How a transcript is written for the caller: OpenAI's <c>response_format</c>.</summary>
internal enum TranscriptFormat
{
    /// <summary>xAI's own, with what it cost.</summary>
    Json,

    /// <summary>Nothing but the text.</summary>
    Text,

    /// <summary>SubRip.</summary>
    Srt,

    /// <summary>WebVTT.</summary>
    Vtt,

    /// <summary>OpenAI's JSON with segments and words.</summary>
    VerboseJson,
}
