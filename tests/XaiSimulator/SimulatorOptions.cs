using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator;

/// <summary>How a <see cref="Simulator"/> starts. Every default suits a test.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The TCP port on 127.0.0.1, 0 to 65535; 0 (the default) takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The only key that is accepted, without "Bearer ".</summary>
    public string ApiKey { get; init; } = "xai-simulator-key";

    /// <summary>The family of <c>code</c> words in error bodies; a behaviour may choose the other one for its request.</summary>
    public ErrorFamily Errors { get; init; } = ErrorFamily.Slugs;

    /// <summary>The pause before each frame of a stream; zero by default. A demo sets some milliseconds.</summary>
    public TimeSpan Pace { get; init; }

    /// <summary>How long a video takes where no behaviour says so; zero (the default) is two looks. The program's is five seconds.</summary>
    public TimeSpan VideoTime { get; init; }

    /// <summary>How many requests are remembered before the oldest is forgotten; at least 1.</summary>
    public int KeptRequests { get; init; } = 10_000;

    /// <summary>How many bytes of request bodies are remembered in sum before the oldest request is forgotten.</summary>
    public long KeptBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The clock of <c>created_at</c>, delays and pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
