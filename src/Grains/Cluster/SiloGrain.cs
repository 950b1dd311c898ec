using System.Reflection;
using LlmTr.Grains.Abstractions.Cluster;

namespace LlmTr.Grains.Cluster;

/// <summary>Lives on the silo that its key names.</summary>
[OnNamedSilo]
public sealed class SiloGrain(TimeProvider clock) : Grain, ISiloGrain
{
    private static readonly string Version =
        typeof(SiloGrain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <inheritdoc/>
    public Task<SiloView> Read() => Task.FromResult(new SiloView { Version = Version, Clock = clock.GetUtcNow() });
}
