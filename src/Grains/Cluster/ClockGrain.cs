using LlmTr.Grains.Abstractions.Cluster;
using Orleans.Concurrency;

namespace LlmTr.Grains.Cluster;

/// <summary>Stateless: any silo answers.</summary>
[StatelessWorker, Reentrant]
public sealed class ClockGrain(TimeProvider clock) : Grain, IClockGrain
{
    /// <inheritdoc/>
    public Task<DateTimeOffset> Now() => Task.FromResult(clock.GetUtcNow());
}
