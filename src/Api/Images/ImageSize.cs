namespace LlmTr.Api.Images;

/// <summary>OpenAI's <c>size</c> as xAI's aspect ratio and resolution; xAI itself refuses the field (xAI contract, section 5.1).</summary>
internal static class ImageSize
{
    /// <summary>The sizes, for a complaint.</summary>
    public const string Known = "auto, 256x256, 512x512, 1024x1024, 2048x2048, 1536x1024, 1024x1536";

    /// <summary>What a size means; null where it says nothing (<c>auto</c>), false when it is unknown.</summary>
    public static bool TryRead(ReadOnlySpan<char> size, out (string AspectRatio, string Resolution)? meaning)
    {
        meaning = size switch
        {
            "256x256" or "512x512" or "1024x1024" => ("1:1", "1k"),
            "2048x2048" => ("1:1", "2k"),
            "1536x1024" => ("3:2", "1k"),
            "1024x1536" => ("2:3", "1k"),
            _ => null,
        };
        return meaning is not null || size is "auto";
    }
}
