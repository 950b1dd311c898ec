using System.Diagnostics;
using System.Runtime.InteropServices;
using LlmTr.Bench.Loads;
using LlmTr.Bench.Processes;

namespace LlmTr.Bench.Results;

/// <summary>Where and of what a run was made.</summary>
internal sealed record Machine
{
    public required string Commit { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required string Processor { get; init; }

    public required int Cores { get; init; }

    public required long MemoryBytes { get; init; }

    public required string System { get; init; }

    public required string Runtime { get; init; }

    /// <summary>How long it takes to append 4 KB to a file and to have it on the disk: what every durable write waits for.</summary>
    public required LatencyResult DiskFlush { get; init; }

    /// <summary>Processes that wanted to run before the benchmark was built, an average of one minute. Where it is not near 0, others were at work.</summary>
    public required string LoadAverage { get; init; }

    public static async Task<Machine> FindAsync(Workplace workplace, CancellationToken cancellation)
    {
        var processor = (await File.ReadAllLinesAsync("/proc/cpuinfo", cancellation)).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal));
        return new Machine
        {
            Commit = await CommitAsync(cancellation),
            Began = TimeProvider.System.GetUtcNow(),
            Processor = processor?[(processor.IndexOf(':', StringComparison.Ordinal) + 2)..] ?? "unknown",
            Cores = Environment.ProcessorCount,
            MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            System = RuntimeInformation.OSDescription,
            Runtime = RuntimeInformation.FrameworkDescription,
            DiskFlush = DiskFlushes(workplace.File("flushes", "")),
            LoadAverage = Environment.GetEnvironmentVariable("BENCH_LOAD_AVERAGE") ?? (await File.ReadAllTextAsync("/proc/loadavg", cancellation)).Split(' ')[0],
        };
    }

    private static async Task<string> CommitAsync(CancellationToken cancellation)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"]) { RedirectStandardOutput = true })!;
        var said = await git.StandardOutput.ReadToEndAsync(cancellation);
        await git.WaitForExitAsync(cancellation);
        return said.Trim();
    }

    private static LatencyResult DiskFlushes(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        var page = new byte[4096];
        var times = new List<TimeSpan>();
        for (var number = 0; number < 200; number++)
        {
            var began = TimeProvider.System.GetTimestamp();
            RandomAccess.Write(file, page, number * page.Length);
            RandomAccess.FlushToDisk(file);
            times.Add(TimeProvider.System.GetElapsedTime(began));
        }
        return LatencyResult.Of(times);
    }
}
