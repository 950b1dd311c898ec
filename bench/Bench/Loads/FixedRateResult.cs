namespace LlmTr.Bench.Loads;

/// <summary>What requests at the fixed rate took.</summary>
/// <param name="Latency">From the time at which each was meant to leave.</param>
/// <param name="CpuMicrosecondsPerRequest">User and system time of the contender's own processes. More than in the closed loop: between two requests processes sleep, and waking costs.</param>
internal sealed record FixedRateResult(LatencyResult Latency, double CpuMicrosecondsPerRequest)
{
    public static FixedRateResult MiddleOf(IReadOnlyList<FixedRateResult> loads) => new(
        LatencyResult.MiddleOf([.. loads.Select(static one => one.Latency)]),
        Middle.Of(loads, static one => one.CpuMicrosecondsPerRequest));
}
