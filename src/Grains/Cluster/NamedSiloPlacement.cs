using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace LlmTr.Grains.Cluster;

/// <summary>Puts a grain on the silo whose address is the grain's key.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnNamedSiloAttribute() : PlacementAttribute(new NamedSiloPlacement());

/// <summary>The strategy behind <see cref="OnNamedSiloAttribute"/>.</summary>
[Serializable, GenerateSerializer, Immutable, Alias("llmtr.NamedSiloPlacement")]
public sealed class NamedSiloPlacement : PlacementStrategy;

/// <summary>Finds the silo.</summary>
public sealed class NamedSiloDirector : IPlacementDirector
{
    /// <inheritdoc/>
    /// <exception cref="SiloUnavailableException">It is not a member any more.</exception>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var wanted = SiloAddress.FromParsableString(target.GrainIdentity.Key.ToString()!);
        return context.GetCompatibleSilos(target).Contains(wanted)
            ? Task.FromResult(wanted)
            : throw new SiloUnavailableException($"The silo {wanted} is not a member of the cluster.");
    }
}
