using Orleans.CodeGeneration;

namespace LlmTr.Grains.Abstractions.Cluster;

/// <summary>A silo's clock; any silo's. Front ends stamp requests and silos judge their age, so the two must agree within seconds.</summary>
[Alias("llmtr.IClockGrain"), Version(1)]
public interface IClockGrain : IGrainWithIntegerKey
{
    /// <summary>The time there.</summary>
    [Alias("Now")]
    Task<DateTimeOffset> Now();
}
