namespace LlmTr.Bench.Loads;

/// <summary>How long something took, in microseconds.</summary>
internal sealed record LatencyResult(int Count, double P50Microseconds, double P99Microseconds)
{
    public static LatencyResult Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(static time => time.TotalMicroseconds).Order().ToArray();
        if (sorted.Length == 0)
            throw new BenchException("Nothing was measured.");
        double At(double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
        return new LatencyResult(sorted.Length, At(0.50), At(0.99));
    }

    /// <summary>Of all of them together in <see cref="Count"/>.</summary>
    public static LatencyResult MiddleOf(IReadOnlyList<LatencyResult> loads) => new(
        loads.Sum(static one => one.Count),
        Middle.Of(loads, static one => one.P50Microseconds),
        Middle.Of(loads, static one => one.P99Microseconds));
}
