namespace LlmTr.Bench.Loads;

/// <summary>What streams showed.</summary>
internal sealed record EventStreamsResult
{
    /// <summary>From the request to the first byte of the body.</summary>
    public required LatencyResult FirstByte { get; init; }

    /// <summary>From the upstream's writing of an event to the client's reading of it.</summary>
    public required LatencyResult Delay { get; init; }

    /// <summary>Of the contender's own processes; a stream's beginning and end are in it.</summary>
    public required double CpuMicrosecondsPerEvent { get; init; }

    public static EventStreamsResult MiddleOf(IReadOnlyList<EventStreamsResult> loads) => new()
    {
        FirstByte = LatencyResult.MiddleOf([.. loads.Select(static one => one.FirstByte)]),
        Delay = LatencyResult.MiddleOf([.. loads.Select(static one => one.Delay)]),
        CpuMicrosecondsPerEvent = Middle.Of(loads, static one => one.CpuMicrosecondsPerEvent),
    };
}
