namespace LlmTr.Bench.Loads;

/// <summary>What a closed loop showed.</summary>
internal sealed record ClosedLoopResult
{
    public required long Requests { get; init; }

    public required double RequestsPerSecond { get; init; }

    /// <summary>Of the contender's own processes, in user mode and in the kernel.</summary>
    public required double CpuMicrosecondsPerRequest { get; init; }

    /// <summary>On the managed heaps of the contender's own processes; null where they do not tell.</summary>
    public required long? AllocatedBytesPerRequest { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P99Milliseconds { get; init; }
}
