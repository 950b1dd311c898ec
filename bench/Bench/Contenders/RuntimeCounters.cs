using System.Globalization;

namespace LlmTr.Bench.Contenders;

/// <summary>Reads what the runtime of a gateway's processes counts; null where they do not tell.</summary>
internal static class RuntimeCounters
{
    /// <summary>The bytes that its processes have allocated since they were started.</summary>
    public static async Task<long?> AllocatedBytesAsync(Contender contender, CancellationToken cancellation) =>
        (long?)await SumAsync(contender, "dotnet_gc_heap_total_allocated_bytes_total", cancellation);

    /// <summary>How long its processes have compiled since they were started.</summary>
    public static async Task<TimeSpan?> CompilingAsync(Contender contender, CancellationToken cancellation) =>
        await SumAsync(contender, "dotnet_jit_compilation_time_seconds_total", cancellation) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static async Task<double?> SumAsync(Contender contender, string counter, CancellationToken cancellation)
    {
        if (contender.Metrics.Count == 0)
            return null;
        using var http = new HttpClient();
        var sum = 0.0;
        foreach (var address in contender.Metrics)
        {
            var metrics = await http.GetStringAsync(address, cancellation);
            var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(counter, StringComparison.Ordinal))
                ?? throw new BenchException($"{address} does not tell {counter}.");
            sum += double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }
        return sum;
    }
}
