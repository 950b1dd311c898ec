using LlmTr.Bench.Contenders;

namespace LlmTr.Bench.Loads;

/// <summary>
/// The bytes that a contender allocates per request, second by second while a load runs; the middle of those is the figure. The runtime adds up its heaps that are in use, and takes heaps
/// into and out of use by load (.NET's server collector with 'dynamic adaptation'): its counter then rests for a while, or jumps, by as much as the heap in question ever allocated. Before and
/// after a load was seen to give half and twice of what all other loads did.
/// </summary>
internal static class Allocations
{
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(1);

    /// <summary>Looks until it is ended; null where the contender has nothing to tell it by.</summary>
    /// <exception cref="BenchException">It has, and does not tell it, or was not looked at twice.</exception>
    public static async Task<long?> PerRequestAsync(Contender contender, CancellationToken ended)
    {
        var found = new List<double>();
        (double Bytes, double Requests)? before = null;
        try
        {
            while (await RuntimeCounters.AllocatedAsync(contender, ended) is { } now)
            {
                if (before is { } last && now.Requests > last.Requests)
                    found.Add((now.Bytes - last.Bytes) / (now.Requests - last.Requests));
                before = now;
                await Task.Delay(_between, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The load is over: what was seen is the result.
        }
        if (found.Count > 0)
            return (long)found.Order().ElementAt(found.Count / 2);
        return contender.Metrics.Count == 0 ? null : throw new BenchException($"{contender.Name} does not tell what it allocates.");
    }
}
