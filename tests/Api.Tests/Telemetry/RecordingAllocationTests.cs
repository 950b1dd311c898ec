using LlmTr.Api.Telemetry;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Telemetry;
using LlmTr.Money;
using LlmTr.Silo.Telemetry;
using LlmTr.Xai.Refusals;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Telemetry;

/// <summary>With Prometheus listening, as shipped, recording allocates nothing.</summary>
public sealed class RecordingAllocationTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Fact]
    public void WhatARequestRecords_AllocatesNothing()
    {
        var services = shared.Gateway.Services;
        var (gateway, accounts) = (services.GetRequiredService<GatewayMetrics>(), services.GetRequiredService<AccountMetrics>());
        var (storage, provider) = (services.GetRequiredService<StorageMetrics>(), services.GetRequiredService<ProviderMetrics>());
        var entry = new LedgerEntry { Seq = 1, At = DateTimeOffset.UnixEpoch, Kind = LedgerEntryKind.HoldSettled, Amount = new UsdTicks(5), Balance = new UsdTicks(9), Held = UsdTicks.Zero, CostSource = CostSource.Provider };
        var second = TimeSpan.FromSeconds(1);

        Smallest(() =>
        {
            gateway.Ended("/v1/responses", new RequestPhases(second * 5, second, second, second));
            accounts.Written(entry);
            storage.Appending(3);
            storage.Ended(StorageOperation.Append, second, failure: null);
            provider.Refused(RefusalKind.RateLimited);
        }).Should().Be(0);
    }

    // The smallest of many, since the first runs make the series and the runtime may allocate now and then.
    private static long Smallest(Action run)
    {
        var smallest = long.MaxValue;
        for (var i = 0; i < 50; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            smallest = Math.Min(smallest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return smallest;
    }
}
