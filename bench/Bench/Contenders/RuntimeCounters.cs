using System.Globalization;

namespace LlmTr.Bench.Contenders;

/// <summary>Reads what a gateway's processes count; null where they do not tell.</summary>
internal static class RuntimeCounters
{
    /// <summary>The bytes that its processes have allocated since they were started, and the requests for text that they have answered.</summary>
    public static async Task<(double Bytes, double Requests)?> AllocatedAsync(Contender contender, CancellationToken cancellation)
    {
        var metrics = await ReadAsync(contender, cancellation);
        return Sum(metrics, "dotnet_gc_heap_total_allocated_bytes_total") is { } bytes
            ? (bytes, Sum(metrics, "http_server_request_duration_seconds_count", "http_route=\"/v1/responses\"") ?? 0)
            : null;
    }

    /// <summary>How long its processes have compiled since they were started.</summary>
    public static async Task<TimeSpan?> CompilingAsync(Contender contender, CancellationToken cancellation) =>
        Sum(await ReadAsync(contender, cancellation), "dotnet_jit_compilation_time_seconds_total") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static async Task<string> ReadAsync(Contender contender, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        return string.Concat(await Task.WhenAll(contender.Metrics.Select(address => http.GetStringAsync(address, cancellation))));
    }

    private static double? Sum(string metrics, string counter, string label = "")
    {
        var values = metrics.Split('\n')
            .Where(line => line.StartsWith(counter + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Select(static line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture))
            .ToArray();
        return values.Length == 0 ? null : values.Sum();
    }
}
