namespace LlmTr.Xai.Tests.Streaming;

/// <summary>Measures what an action allocates on its thread.</summary>
internal static class Allocation
{
    /// <summary>
    /// The bytes that 100 runs allocate after a warm-up: the least of several attempts, because a garbage collection that another test causes may empty the array
    /// pool once. What the action itself allocates shows in every attempt.
    /// </summary>
    public static long OfHundredRuns(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
