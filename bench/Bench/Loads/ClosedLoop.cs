using System.Diagnostics;
using System.Text.Json;
using LlmTr.Bench.Contenders;
using LlmTr.Bench.Processes;

namespace LlmTr.Bench.Loads;

/// <summary>wrk: so many connections, each sending its next request when the last one is answered.</summary>
internal static class ClosedLoop
{
    /// <summary>How many requests are under way at any time.</summary>
    public const int Connections = 64;

    /// <summary>Loads a contender for so long, with its keys in turn.</summary>
    /// <exception cref="BenchException">A request failed: nothing that was measured would mean anything.</exception>
    public static async Task<ClosedLoopResult> RunAsync(
        Workplace workplace, Contender contender, IEnumerable<string> keys, string body, TimeSpan duration, CancellationToken cancellation)
    {
        var keysPath = workplace.File("keys.txt", string.Join('\n', keys));
        var bodyPath = workplace.File("body.json", body);
        string[] headers = [.. contender.Headers.SelectMany(static header => new[] { header.Key, header.Value })];

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var before = contender.Use();
        var allocated = Allocations.PerRequestAsync(contender, ended.Token);
        string said;
        try
        {
            said = await SaidAsync(
                ["-t1", $"-c{Connections}", $"-d{duration.TotalSeconds:f0}s", "--timeout", "30s", "-s", Script, contender.Address.ToString(), "--", keysPath, bodyPath, .. headers], cancellation);
        }
        finally
        {
            await ended.CancelAsync();
        }
        var cpu = contender.Use().Cpu - before.Cpu;

        var wrk = JsonSerializer.Deserialize<JsonElement>(said[said.LastIndexOf('{')..]);
        long Number(string name) => wrk.GetProperty(name).GetInt64();
        var (requests, failed) = (Number("requests"), Number("failed"));
        if (requests == 0 || failed > 0)
            throw new BenchException($"{contender.Name}: {failed} of {requests} requests failed.\n{said}");
        return new ClosedLoopResult
        {
            Requests = requests,
            RequestsPerSecond = requests * 1e6 / Number("microseconds"),
            CpuMicrosecondsPerRequest = cpu.TotalMicroseconds / requests,
            AllocatedBytesPerRequest = await allocated,
            P50Milliseconds = Number("p50") / 1e3,
            P99Milliseconds = Number("p99") / 1e3,
        };
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "Loads", "closed-loop.lua");

    private static async Task<string> SaidAsync(string[] arguments, CancellationToken cancellation)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        try
        {
            var said = await wrk.StandardOutput.ReadToEndAsync(cancellation);
            await wrk.WaitForExitAsync(cancellation);
            return wrk.ExitCode == 0 ? said : throw new BenchException($"wrk failed: {said}");
        }
        finally
        {
            if (!wrk.HasExited)
                wrk.Kill();
        }
    }
}
