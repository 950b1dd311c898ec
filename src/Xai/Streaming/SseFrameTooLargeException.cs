namespace LlmTr.Xai.Streaming;

/// <summary>A stream frame grew beyond the bound that <see cref="SseFraming"/> was given; the stream cannot be read any further.</summary>
/// <param name="maxFrameBytes">The bound, in bytes.</param>
public sealed class SseFrameTooLargeException(int maxFrameBytes)
    : IOException($"xAI's stream has a frame of more than {maxFrameBytes} bytes; it is broken off there. Raise the frame bound if such frames are meant.")
{
    /// <summary>The bound that was passed, in bytes.</summary>
    public int MaxFrameBytes { get; } = maxFrameBytes;
}
