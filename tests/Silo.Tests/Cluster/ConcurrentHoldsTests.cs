using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Silo.Tests.Cluster;

public sealed class ConcurrentHoldsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AThousandHolds_OnABalanceForExactlyAHundred_GrantExactlyAHundred(short silos)
    {
        await using var cluster = await LedgeredCluster.StartAsync(silos);
        var key = await cluster.IssuedKeyAsync("key", 100 * 777);
        var ids = Enumerable.Range(0, 1000).Select(static _ => RequestId.New(TimeProvider.System)).ToArray();

        var replies = await Task.WhenAll(ids.Select(id => key.PlaceHold(LedgeredCluster.Hold(id, 777))));

        replies.Count(static reply => reply is { Outcome: PlaceHoldOutcome.Granted, Granted.Value: 777 }).Should().Be(100);
        replies.Count(static reply => reply.Outcome == PlaceHoldOutcome.InsufficientBalance).Should().Be(900);
        (await key.Read()).Should().BeEquivalentTo(new { OpenHolds = 100, Held = new UsdTicks(77_700), Available = UsdTicks.Zero });

        // Half of them cost less, half more than their hold: what comes back from some covers others, but never more than there is.
        var granted = ids.Where((_, i) => replies[i].Outcome == PlaceHoldOutcome.Granted).ToArray();
        var settled = await Task.WhenAll(granted.Select((id, i) => key.Settle(LedgeredCluster.Charge(id, i % 2 == 0 ? 500 : 900))));
        var (charged, overrun) = (settled.Sum(static reply => reply.Charged.Value), settled.Sum(static reply => reply.Overrun.Value));

        (charged + overrun).Should().Be(50 * (500 + 900));
        (await key.Read()).Should().BeEquivalentTo(new
        {
            OpenHolds = 0,
            Held = UsdTicks.Zero,
            Balance = new UsdTicks(77_700 - charged),
            SettledRequests = 100L,
            Charged = new UsdTicks(charged),
            Overruns = new UsdTicks(overrun),
        });
        var kinds = (await key.ReadLedger(1, 1000)).Lines.Select(static line => LedgerLine.Decode(line).Kind).ToArray();
        kinds.Count(static kind => kind == LedgerEntryKind.HoldPlaced).Should().Be(100);
        kinds.Count(static kind => kind == LedgerEntryKind.HoldSettled).Should().Be(100);
    }
}
