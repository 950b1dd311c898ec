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

    /// <summary>Of all of them together in <see cref="Requests"/>.</summary>
    public static ClosedLoopResult MiddleOf(IReadOnlyList<ClosedLoopResult> loads) => new()
    {
        Requests = loads.Sum(static one => one.Requests),
        RequestsPerSecond = Middle.Of(loads, static one => one.RequestsPerSecond),
        CpuMicrosecondsPerRequest = Middle.Of(loads, static one => one.CpuMicrosecondsPerRequest),
        AllocatedBytesPerRequest = loads.All(static one => one.AllocatedBytesPerRequest is not null) ? (long)Middle.Of(loads, static one => one.AllocatedBytesPerRequest!.Value) : null,
        P50Milliseconds = Middle.Of(loads, static one => one.P50Milliseconds),
        P99Milliseconds = Middle.Of(loads, static one => one.P99Milliseconds),
    };
}
