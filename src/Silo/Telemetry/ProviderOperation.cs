namespace LlmTr.Silo.Telemetry;

/// <summary>An operation at xAI in the words of OpenTelemetry's GenAI conventions.</summary>
/// <param name="Name"><c>gen_ai.operation.name</c>.</param>
/// <param name="Output"><c>gen_ai.output.type</c>; <c>video</c> is our own word, as the conventions have none.</param>
public sealed record ProviderOperation(string Name, string Output)
{
    /// <summary>Text.</summary>
    public static ProviderOperation Text { get; } = new("chat", "text");

    /// <summary>Images.</summary>
    public static ProviderOperation Image { get; } = new("generate_content", "image");

    /// <summary>Speech.</summary>
    public static ProviderOperation Speech { get; } = new("generate_content", "speech");

    /// <summary>A transcription.</summary>
    public static ProviderOperation Transcription { get; } = new("generate_content", "text");

    /// <summary>A video: the POST that orders it.</summary>
    public static ProviderOperation Video { get; } = new("generate_content", "video");

    /// <summary>The operation behind one of xAI's paths.</summary>
    public static ProviderOperation Of(string upstreamPath) => upstreamPath switch
    {
        "/responses" => Text,
        "/tts" => Speech,
        "/stt" => Transcription,
        _ => Image,
    };
}
