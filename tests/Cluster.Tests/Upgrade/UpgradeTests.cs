using LlmTr.Cluster.Tests.Faults;
using LlmTr.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace LlmTr.Cluster.Tests.Upgrade;

/// <summary>Two builds in one cluster: an earlier one is replaced by this one while it works.</summary>
[Collection(RealProcesses.Collection)]
public sealed class UpgradeTests(ITestOutputHelper output)
{
    [UpgradeFact]
    public async Task RollingUpgrade_SilosFirst_FailsNoRequestAndLosesNothing()
    {
        await using var run = await ChaosRun.StartAsync(EarlierBuild.Get());
        var silos = await run.StrikeAsync(Upgrade("silos", static cluster => cluster.Silos, ClusterBuild.Current.Silo));
        var frontEnds = await run.StrikeAsync(Upgrade("front ends", static cluster => cluster.FrontEnds, ClusterBuild.Current.FrontEnd));
        var audit = await run.JudgeAsync();
        output.WriteLine($"{silos}\n{frontEnds}\n{audit.Summary}");

        audit.Findings.Should().BeEmpty();
        run.Reports.SelectMany(static report => report.Describe()).Should().BeEmpty();
    }

    private static Fault Upgrade(string what, Func<TestCluster, IEnumerable<Member>> members, string program) => new($"upgrade of the {what}", Target.NoneFails, HitsSilo: false, async strike =>
    {
        strike.Begins();
        foreach (var member in members(strike.Cluster))
        {
            member.Program = program;
            await Fault.RestartAsync(member);
            await strike.IsSentTo(member);
        }
    });
}
