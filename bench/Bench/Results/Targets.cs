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
        if (embedded is null || yarp is null)
            yield break;

        static double Cpu(ContenderResult one) => one.SmallHundredKeys.CpuMicrosecondsPerRequest;
        yield return AtMost("embedded: CPU per request, in YARP's", Cpu(embedded) / Cpu(yarp), 2);
        if (portkey is not null)
        {
            yield return AtMost("embedded: CPU per request, in Portkey's", Cpu(embedded) / Cpu(portkey), 0.1);
            yield return AtLeast("embedded: requests/s, in Portkey's", embedded.SmallHundredKeys.RequestsPerSecond / portkey.SmallHundredKeys.RequestsPerSecond, 10);
        }
        yield return AtMost("embedded: p99 at 200 requests/s above YARP's, ms", (embedded.FixedRate.P99Microseconds - yarp.FixedRate.P99Microseconds) / 1e3, 5);
        if (embedded.Streams is { } streams && yarp.Streams is { } proxied)
            yield return AtMost("embedded: p50 of an event's way above YARP's, µs", streams.Delay.P50Microseconds - proxied.Delay.P50Microseconds, 20);
        yield return AtMost("embedded: RSS idle, MB", embedded.IdleBytes / 1e6, 200);
        if (embedded.IdleStreamBytes is { } bytes)
            yield return AtMost("embedded: RSS per idle stream, KB", bytes / 1e3, 60);
        if (embedded is { RichKey: { } rich, PoorKey: { } poor })
            yield return AtMost("embedded: p50 with 0.01 USD left, in that with 10,000 USD", poor.P50Microseconds / rich.P50Microseconds, 1.1);
        if (cluster is not null)
            yield return AtMost("front end + silo: CPU per request of both, in YARP's", Cpu(cluster) / Cpu(yarp), 4);
    }

    private static string AtMost(string what, double found, double most) => Text($"{what}: {found:0.##}, to be at most {most:0.##}: {(found <= most ? "met" : "missed")}");

    private static string AtLeast(string what, double found, double least) => Text($"{what}: {found:0.##}, to be at least {least:0.##}: {(found >= least ? "met" : "missed")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
