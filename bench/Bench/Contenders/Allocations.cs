using System.Globalization;

namespace LlmTr.Bench.Contenders;

/// <summary>Reads how much a gateway has allocated.</summary>
internal static class Allocations
{
    private const string Counter = "dotnet_gc_heap_total_allocated_bytes_total";

    /// <summary>The bytes that its processes have allocated since they were started; null where they do not tell.</summary>
    public static async Task<long?> OfAsync(Contender contender, CancellationToken cancellation)
    {
        if (contender.Metrics.Count == 0)
            return null;
        using var http = new HttpClient();
        long sum = 0;
        foreach (var address in contender.Metrics)
        {
            var metrics = await http.GetStringAsync(address, cancellation);
            var line = metrics.Split('\n').FirstOrDefault(static line => line.StartsWith(Counter, StringComparison.Ordinal))
                ?? throw new BenchException($"{address} does not tell {Counter}.");
            sum += (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }
        return sum;
    }
}
