using System.Globalization;
using System.Text;

namespace LlmTr.Bench.Results;

/// <summary>A report for people: a table with a line for each measure and a column for each contender.</summary>
internal static class Markdown
{
    private static readonly (string Measure, Func<ContenderResult, double?> Of, string Format)[] _lines =
    [
        ("requests/s, 1 KB, 100 keys", static one => one.SmallHundredKeys?.RequestsPerSecond, "0"),
        ("requests/s, 1 KB, one key", static one => one.SmallHotKey?.RequestsPerSecond, "0"),
        ("requests/s, 256 KB in, 64 KB out", static one => one.LargeHundredKeys?.RequestsPerSecond, "0"),
        ("p50 ms at that load, 1 KB, 100 keys", static one => one.SmallHundredKeys?.P50Milliseconds, "0.0"),
        ("p99 ms at that load, 1 KB, 100 keys", static one => one.SmallHundredKeys?.P99Milliseconds, "0.0"),
        ("CPU µs/request, 1 KB, 100 keys", static one => one.SmallHundredKeys?.CpuMicrosecondsPerRequest, "0"),
        ("CPU µs/request, 1 KB, one key", static one => one.SmallHotKey?.CpuMicrosecondsPerRequest, "0"),
        ("CPU µs/request, 256 KB in, 64 KB out", static one => one.LargeHundredKeys?.CpuMicrosecondsPerRequest, "0"),
        ("bytes allocated/request, 1 KB", static one => one.SmallHundredKeys?.AllocatedBytesPerRequest, "0"),
        ("bytes allocated/request, 256 KB in, 64 KB out", static one => one.LargeHundredKeys?.AllocatedBytesPerRequest, "0"),
        ("p50 µs at 200 requests/s", static one => one.FixedRate?.Latency.P50Microseconds, "0"),
        ("p99 µs at 200 requests/s", static one => one.FixedRate?.Latency.P99Microseconds, "0"),
        ("CPU µs/request at 200 requests/s", static one => one.FixedRate?.CpuMicrosecondsPerRequest, "0"),
        ("p50 µs at 25 requests/s, one key, 10,000 USD left", static one => one.RichKey?.P50Microseconds, "0"),
        ("p50 µs at 25 requests/s, one key, 0.01 USD left", static one => one.PoorKey?.P50Microseconds, "0"),
        ("p99 µs at 25 requests/s, one key, 10,000 USD left", static one => one.RichKey?.P99Microseconds, "0"),
        ("p99 µs at 25 requests/s, one key, 0.01 USD left", static one => one.PoorKey?.P99Microseconds, "0"),
        ("p50 µs to a stream's first byte", static one => one.Streams?.FirstByte.P50Microseconds, "0"),
        ("p50 µs from upstream to client, an event", static one => one.Streams?.Delay.P50Microseconds, "0"),
        ("p99 µs from upstream to client, an event", static one => one.Streams?.Delay.P99Microseconds, "0"),
        ("CPU µs/event", static one => one.Streams?.CpuMicrosecondsPerEvent, "0.0"),
        ("RSS MB, idle", static one => one.IdleBytes / 1e6, "0"),
        ("RSS MB, after the load", static one => one.LoadedBytes / 1e6, "0"),
        ("RSS KB/idle stream, 2,000 open", static one => one.IdleStreams?.BytesEach / 1e3, "0"),
    ];

    // What a contender adds is its time less that of no one in between.
    private static readonly (string Measure, Func<ContenderResult, double?> Of)[] _added =
    [
        ("added p50 µs at 200 requests/s", static one => one.FixedRate?.Latency.P50Microseconds),
        ("added p99 µs at 200 requests/s", static one => one.FixedRate?.Latency.P99Microseconds),
        ("added p50 µs to a stream's first byte", static one => one.Streams?.FirstByte.P50Microseconds),
        ("added p50 µs from upstream to client, an event", static one => one.Streams?.Delay.P50Microseconds),
    ];

    public static string Of(Report report)
    {
        var (machine, text) = (report.Machine, new StringBuilder());
        Line($"Commit {machine.Commit}, {machine.Began:yyyy-MM-dd HH:mm} UTC. {machine.Cores} cores of {machine.Processor}, {machine.MemoryBytes / 1e9:0} GB, {machine.System}, {machine.Runtime}.");
        Line($"Load average before: {machine.LoadAverage}. 4 KB on the disk: p50 {machine.DiskFlush.P50Microseconds:0} µs, p99 {machine.DiskFlush.P99Microseconds:0} µs.");
        Line($"Durability: {report.Durability}.");
        Line($"");
        Line($"| | {string.Join(" | ", report.Contenders.Select(static one => one.Name))} |");
        Line($"|---|{string.Concat(report.Contenders.Select(static _ => "---:|"))}");
        foreach (var (measure, of, format) in _lines)
            Row(measure, of, format);
        if (report.Contenders.FirstOrDefault(static one => one.Name == "direct") is { } direct)
        {
            foreach (var (measure, of) in _added)
                Row(measure, one => of(one) - of(direct), "0");
        }
        Line($"");
        foreach (var line in Targets.Of(report))
            Line($"* {line}");
        foreach (var line in report.LeftOut)
            Line($"* left out: {line}");
        return text.ToString();

        void Row(string measure, Func<ContenderResult, double?> of, string format) =>
            Line($"| {measure} | {string.Join(" | ", report.Contenders.Select(one => of(one)?.ToString(format, CultureInfo.InvariantCulture) ?? "–"))} |");

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
