using System.Text.Json;
using LlmTr.Bench.Contenders;
using LlmTr.Bench.Loads;
using LlmTr.Bench.Processes;
using LlmTr.Bench.Results;
using LlmTr.Bench.Upstreams;
using static LlmTr.Bench.Telling;

namespace LlmTr.Bench;

/// <summary>The minute that CI can spare: whether a request costs more than it did, beside a proxy that is measured in turn on the same machine.</summary>
internal static class SmallRun
{
    private const string BaselinePath = "bench/baseline.json";
    private const double MostOfRatio = 1.4;
    private const double MostOfBytes = 1.1;
    private const int Pairs = 3;

    /// <summary>Measures and compares with the baseline; 1 where it is too much worse.</summary>
    public static async Task<int> RunAsync(Workplace workplace, string results, CancellationToken cancellation)
    {
        await using var upstream = await Upstream.StartFixedAnswersAsync(workplace, cancellation);
        await using var yarp = await Proxies.YarpAsync(workplace, upstream.Address, cancellation);
        await using var embedded = await Gateways.EmbeddedAsync(workplace, upstream.Address, cancellation);
        Task<ClosedLoopResult> LoadAsync(Contender contender, int seconds) =>
            ClosedLoop.RunAsync(workplace, contender, contender.Keys, Requests.Small, TimeSpan.FromSeconds(seconds), cancellation);

        // Until the code is compiled as it will stay.
        await LoadAsync(yarp, 8);
        await LoadAsync(embedded, 16);

        var found = new Baseline { CpuRatio = double.MaxValue, AllocatedBytesPerRequest = long.MaxValue };
        for (var pair = 1; pair <= Pairs; pair++)
        {
            var (proxy, gateway) = (await LoadAsync(yarp, 6), await LoadAsync(embedded, 6));
            var ratio = gateway.CpuMicrosecondsPerRequest / proxy.CpuMicrosecondsPerRequest;
            Say($"Pair {pair}: YARP {proxy.CpuMicrosecondsPerRequest:f1} µs, embedded {gateway.CpuMicrosecondsPerRequest:f1} µs of CPU a request, {ratio:f2} times as much; {gateway.AllocatedBytesPerRequest} bytes allocated a request; {proxy.RequestsPerSecond:f0} and {gateway.RequestsPerSecond:f0} requests a second.");
            found = new Baseline
            {
                CpuRatio = Math.Min(found.CpuRatio, ratio),
                AllocatedBytesPerRequest = Math.Min(found.AllocatedBytesPerRequest, gateway.AllocatedBytesPerRequest!.Value),
            };
        }

        await File.WriteAllTextAsync(Path.Combine(results, "small.json"), JsonSerializer.Serialize(found, ResultJson.Options), cancellation);
        var baseline = JsonSerializer.Deserialize<Baseline>(await File.ReadAllTextAsync(BaselinePath, cancellation), ResultJson.Options)!;
        var isRatioGood = Compare("CPU of a request, in YARP's", found.CpuRatio, baseline.CpuRatio, MostOfRatio);
        var areBytesGood = Compare("Bytes allocated a request", found.AllocatedBytesPerRequest, baseline.AllocatedBytesPerRequest, MostOfBytes);
        return isRatioGood && areBytesGood ? 0 : 1;
    }

    private static bool Compare(string what, double found, double baseline, double most)
    {
        var isGood = found <= baseline * most;
        Say($"{what}: {found:0.##}; the baseline is {baseline:0.##}, at most {baseline * most:0.##} is good. {(isGood ? "Good." : "Too much.")}");
        return isGood;
    }
}
