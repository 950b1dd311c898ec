using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Accounts;

/// <summary>
/// Finds grains of one kind by their keys. Orleans learns by reflection, at each call, which kind of grain an interface stands for; here it is asked once. That alone was a tenth of what a
/// request costs.
/// </summary>
/// <typeparam name="TGrain">The grain's interface.</typeparam>
/// <param name="grains">Asked for the first one, and makes the others.</param>
internal sealed class GrainFinder<TGrain>(IGrainFactory grains)
    where TGrain : class, IGrainWithStringKey
{
    private Kind? _kind;

    /// <summary>A grain of a key, wherever it will be.</summary>
    /// <exception cref="AccountUnavailableException">This front end has known of no silo yet that has such grains.</exception>
    public TGrain Find(string key)
    {
        if (_kind is { } kind)
            return (TGrain)grains.GetGrain(GrainId.Create(kind.Grain, key), kind.Interface);

        var first = grains.Find<TGrain>(key);

        // A test's stand-in has neither.
        if (first is GrainReference reference)
            _kind = new Kind(reference.GrainId.Type, reference.InterfaceType);
        return first;
    }

    private sealed record Kind(GrainType Grain, GrainInterfaceType Interface);
}
