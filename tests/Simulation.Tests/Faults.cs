using LlmTr.Simulation.Tests.Cluster;
using LlmTr.Simulation.Tests.FrontEnds;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;
using LlmTr.Simulation.Tests.Storage;

namespace LlmTr.Simulation.Tests;

/// <summary>What happens to processes and machines while requests run.</summary>
internal sealed class Faults(
    Scheduler scheduler, Dice dice, Plan plan, SimulatedCluster cluster, ISimulatedStorage storage, List<FrontEnd> frontEnds, IReadOnlyList<string> keys, Findings findings)
{
    /// <summary>Begins, and goes on until the plan is calm.</summary>
    public void Begin() => scheduler.After(dice.UpTo(plan.FaultEvery), Strike);

    /// <summary>Perhaps kills the process whose turn has just run: between any two turns, so at any await.</summary>
    public void AfterTurn()
    {
        if (scheduler.Last is not { } node || node == scheduler.World || !plan.Strikes(plan.CrashAfterTurn))
            return;
        var at = frontEnds.FindIndex(frontEnd => frontEnd.Node == node);
        if (at >= 0)
        {
            findings.Saw("front end crashed");
            node.Die();
            frontEnds[at] = new FrontEnd(new Node(scheduler, $"{node.Name}'") { ClockOffset = node.ClockOffset }, cluster);
        }
        else if (cluster.Silos.FirstOrDefault(silo => node.Name.Contains("@" + silo.Name + "#", StringComparison.Ordinal)) is { } silo)
        {
            findings.Saw("silo crashed");
            cluster.Crash(silo);
        }
    }

    private void Strike()
    {
        if (plan.IsCalm)
            return;
        var key = dice.Pick(keys);
        if (plan.Strikes(plan.StoreDown))
            storage.GoDown(dice.UpTo(TimeSpan.FromSeconds(dice.OneIn(4) ? 180 : 8)));
        if (plan.Strikes(plan.PausedSilo))
            dice.Pick(cluster.Silos).Pause(dice.UpTo(TimeSpan.FromSeconds(90)));
        if (plan.Strikes(plan.SecondActivation))
            cluster.ActivateAnother(key);
        if (plan.Strikes(plan.PausedActivation))
            cluster.AnyActivation(key)?.Node.Pause(dice.UpTo(TimeSpan.FromSeconds(dice.OneIn(2) ? 60 : 6)));
        if (plan.Strikes(plan.Deactivation) && cluster.AnyActivation(key) is { } leaving)
            leaving.IsLeaving = true;
        if (plan.Strikes(plan.PausedFrontEnd))
            dice.Pick(frontEnds).Node.Pause(dice.UpTo(TimeSpan.FromSeconds(60)));
        if (plan.Strikes(plan.ClockJump))
        {
            var node = dice.OneIn(3) ? dice.Pick(frontEnds).Node : dice.Pick(cluster.Silos);
            node.ClockOffset = dice.Between(-plan.LongestJump, plan.LongestJump);
        }

        scheduler.After(dice.UpTo(plan.FaultEvery * 2), Strike);
    }
}
