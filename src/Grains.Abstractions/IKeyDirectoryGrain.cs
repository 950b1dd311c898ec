using Orleans.CodeGeneration;

namespace LlmTr.Grains.Abstractions;

/// <summary>
/// Lists the keys that have a ledger. It keeps nothing of its own: every call asks the ledger store, so that there is no second list to be wrong.
/// </summary>
[Alias("llmtr.IKeyDirectoryGrain"), Version(1)]
public interface IKeyDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>At most <paramref name="limit"/> (1 to 1,000) ids of keys behind <paramref name="after"/>, in ordinal order.</summary>
    /// <exception cref="AccountUnavailableException">The ledger store could not be read.</exception>
    [Alias("List")]
    Task<IReadOnlyList<string>> List(string? after, int limit, CancellationToken cancellation = default);
}
