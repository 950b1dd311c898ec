using System.Globalization;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Video;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Video;

/// <summary>
/// Crashes at every await, lost replies, writes that land late, several activations at once: at most one POST, exactly one end of each hold, no open job without a
/// marker, and what is charged is what xAI billed. <c>SEEDS</c> says how many worlds (3,000 by default), <c>SEED</c> where they begin.
/// </summary>
public sealed class CrashAtEveryAwaitTests
{
    private static int Seeds => int.Parse(Environment.GetEnvironmentVariable("SEEDS") ?? "3000", CultureInfo.InvariantCulture);

    private static int First => int.Parse(Environment.GetEnvironmentVariable("SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Job_WhateverHappensToItsHosts_IsSentAtMostOnceAndEndsItsHoldExactlyOnce()
    {
        for (var seed = First; seed < First + Seeds; seed++)
        {
            var world = new JobWorld(seed);
            try
            {
                world.Run();
                Check(world);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"SEED={seed} SEEDS=1: {exception.Message}\n{string.Join('\n', world.Story)}", exception);
            }
        }
    }

    private static void Check(JobWorld world)
    {
        world.Posts.Should().BeLessThanOrEqualTo(1);
        var account = world.Account.Account;
        account.OpenHoldCount.Should().Be(0);
        account.Held.Should().Be(UsdTicks.Zero);

        // The end of a hold, and at most one settlement more where a case was closed late.
        foreach (var hold in world.Account.Ledger.Where(static entry => entry.Kind == LedgerEntryKind.HoldPlaced))
        {
            var ends = world.Account.Ledger.Where(entry => entry.RequestId == hold.RequestId && entry.Kind is
                LedgerEntryKind.HoldSettled or LedgerEntryKind.HoldReleased or LedgerEntryKind.HoldExpired or LedgerEntryKind.Unreconciled).Select(static entry => entry.Kind).ToArray();
            if (ends is not ([LedgerEntryKind.Unreconciled or LedgerEntryKind.HoldExpired, LedgerEntryKind.HoldSettled]))
                ends.Should().ContainSingle();
        }

        var settled = world.Account.Ledger.Where(static entry => entry.Kind == LedgerEntryKind.HoldSettled).ToArray();
        settled.Should().HaveCountLessThanOrEqualTo(1);
        var job = world.Stored;
        if (job is null or { Phase: JobPhase.Tombstone })
        {
            world.Posts.Should().Be(0, "a job that leaves nothing behind was never sent");
            settled.Should().BeEmpty();
            return;
        }

        job.IsOver.Should().BeTrue();
        job.Order.Should().BeNull();
        job.SecretSha256.Should().BeNull();
        if (job.Phase == JobPhase.Succeeded)
            settled.Should().ContainSingle().Which.Amount.Should().BeOneOf(world.Billed, world.Billed * 2);
        else if (job.Error!.Type is VideoJob.SubmissionUnknown || job.ProviderId is null)
            settled.Should().BeEmpty();
        if (settled is [{ } charge])
            charge.Amount.Should().Be(job.End!.Cost, "the account was told what is written");
    }
}
