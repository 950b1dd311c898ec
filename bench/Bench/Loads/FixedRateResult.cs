namespace LlmTr.Bench.Loads;

/// <summary>What requests at the fixed rate took.</summary>
/// <param name="Latency">From the time at which each was meant to leave.</param>
/// <param name="CpuMicrosecondsPerRequest">User and system time of the contender's own processes. More than in the closed loop: between two requests processes sleep, and waking costs.</param>
internal sealed record FixedRateResult(LatencyResult Latency, double CpuMicrosecondsPerRequest)
{
    /// <summary>The middle of several loads, figure by figure. A p99 of one load hangs on twenty requests, as many as one pause of the machine's takes: of one load to the next it was seen to be four times as much, for a proxy too.</summary>
    public static FixedRateResult MiddleOf(IReadOnlyCollection<FixedRateResult> loads)
    {
        double Middle(Func<FixedRateResult, double> of) => loads.Select(of).Order().ElementAt(loads.Count / 2);
        return new FixedRateResult(
            new LatencyResult(
                loads.Sum(static one => one.Latency.Count), Middle(static one => one.Latency.P50Microseconds), Middle(static one => one.Latency.P99Microseconds)),
            Middle(static one => one.CpuMicrosecondsPerRequest));
    }
}
