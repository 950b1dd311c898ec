using LlmTr.Cluster.Tests.Faults;
using LlmTr.Cluster.Tests.Processes;
using LlmTr.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace LlmTr.Cluster.Tests;

/// <summary>
/// Real processes under load that are killed, stopped, paused and cut off. <c>CHAOS_MINUTES</c> goes on for so long with faults drawn at random, by <c>CHAOS_SEED</c>; <c>CHAOS_FAULTS</c>
/// takes only those whose names hold it; <c>CHAOS_KEEP</c> names a folder for what the programs said.
/// </summary>
[Collection(RealProcesses.Collection)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    [ClusterFact]
    public async Task EveryFault_UnderLoad_LosesNothingAndKeepsToTheTargets()
    {
        var faults = Fault.All.Where(static fault => fault.Name.Contains(Value("CHAOS_FAULTS") ?? "", StringComparison.Ordinal)).ToArray();
        await using var run = await ChaosRun.StartAsync(ClusterBuild.Current);
        try
        {
            foreach (var fault in faults)
                Tell($"{await run.StrikeAsync(fault)}");
            await StrikeAtRandomAsync(run, faults);
            await ShouldHoldAsync(run);
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException or HttpRequestException)
        {
            throw new InvalidOperationException($"The run could not go on.\n{run.Cluster.LogTails()}", exception);
        }
    }

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    // The test's output comes at its end; whoever waits for half an hour wants to see something before.
    private void Tell(string line)
    {
        output.WriteLine(line);
        if (Value("CHAOS_KEEP") is { } keep)
            File.AppendAllText(Path.Combine(Directory.CreateDirectory(keep).FullName, "progress.txt"), line + "\n");
    }

    private async Task StrikeAtRandomAsync(ChaosRun run, Fault[] faults)
    {
        if (Value("CHAOS_MINUTES") is not { } minutes)
            return;
        var until = TimeSpan.FromMinutes(int.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture));
        var seed = Value("CHAOS_SEED") is { } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        Tell($"CHAOS_SEED={seed}");
        var random = new Random(seed);
        while (run.Log.Now < until)
            Tell($"{run.Log.Now:hh\\:mm\\:ss} {await run.StrikeAsync(faults[random.Next(faults.Length)])}");
    }

    private async Task ShouldHoldAsync(ChaosRun run)
    {
        var audit = await run.JudgeAsync();
        output.WriteLine("\n" + ChaosReport.Of(run.Reports, audit));
        foreach (var explained in audit.Explained)
            output.WriteLine(explained);
        audit.Findings.Should().BeEmpty();
        run.Reports.SelectMany(static report => report.Describe()).Should().BeEmpty("{0}", run.Cluster.LogTails());
    }
}

/// <summary>Tests that need the whole machine: one after the other.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class RealProcesses
{
    public const string Collection = "Real processes";
}
