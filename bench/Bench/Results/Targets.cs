using System.Globalization;

namespace LlmTr.Bench.Results;

/// <summary>What the gateway wants to be, as ratios within one run, and what it was.</summary>
internal static class Targets
{
    /// <summary>A sentence for each target whose contenders were measured.</summary>
    public static IEnumerable<string> Of(Report report)
    {
        ContenderResult? Named(string name) => report.Contenders.FirstOrDefault(one => one.Name == name);
        var (yarp, portkey, embedded, cluster) = (Named("YARP"), Named("Portkey"), Named("embedded"), Named("front end + silo"));
        static double? Cpu(ContenderResult? one) => one?.SmallHundredKeys?.CpuMicrosecondsPerRequest;
        static double? CpuAtFixedRate(ContenderResult? one) => one?.FixedRate?.CpuMicrosecondsPerRequest;
        static double? Rate(ContenderResult? one) => one?.SmallHundredKeys?.RequestsPerSecond;
        static double? P99(ContenderResult? one) => one?.FixedRate?.Latency.P99Microseconds / 1e3;
        static double? Delay(ContenderResult? one) => one?.Streams?.Delay.P50Microseconds;

        string?[] lines =
        [
            AtMost("embedded: CPU per request, in YARP's", Cpu(embedded) / Cpu(yarp), 2),
            AtMost("embedded: CPU per request, in Portkey's", Cpu(embedded) / Cpu(portkey), 0.1),
            AtLeast("embedded: requests/s, in Portkey's", Rate(embedded) / Rate(portkey), 10),
            AtMost("embedded: p99 at 200 requests/s above YARP's, ms", P99(embedded) - P99(yarp), 5),
            AtMost("embedded: p50 of an event's way above YARP's, µs", Delay(embedded) - Delay(yarp), 20),
            AtMost("embedded: RSS idle, MB", embedded?.IdleBytes / 1e6, 200),
            AtMost("embedded: RSS per idle stream, KB", embedded?.IdleStreams?.BytesEach / 1e3, 60),
            AtMost("embedded: p50 with 0.01 USD left, in that with 10,000 USD", embedded?.PoorKey?.P50Microseconds / embedded?.RichKey?.P50Microseconds, 1.1),
            AtMost("front end + silo: CPU per request of both, in YARP's", Cpu(cluster) / Cpu(yarp), 4),

            // Azurite lets a cluster answer some 200 requests a second, where waking up is most of what a request costs; YARP answers fifty times as many in the lines above.
            AtMost("embedded: CPU per request at 200 requests/s, in YARP's", CpuAtFixedRate(embedded) / CpuAtFixedRate(yarp), 2),
            AtMost("front end + silo: CPU per request of both at 200 requests/s, in YARP's", CpuAtFixedRate(cluster) / CpuAtFixedRate(yarp), 4),
        ];
        return lines.OfType<string>();
    }

    private static string? AtMost(string what, double? found, double most) =>
        found is null ? null : Text($"{what}: {found:0.##}, to be at most {most:0.##}: {(found <= most ? "met" : "missed")}");

    private static string? AtLeast(string what, double? found, double least) =>
        found is null ? null : Text($"{what}: {found:0.##}, to be at least {least:0.##}: {(found >= least ? "met" : "missed")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
