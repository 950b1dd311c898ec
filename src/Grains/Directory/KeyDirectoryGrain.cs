using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace LlmTr.Grains.Directory;

/// <summary>The way from the front end, which has no ledger store, to the list of ledgers. Stateless: any silo answers, as many calls at once as come.</summary>
[StatelessWorker, Reentrant]
public sealed class KeyDirectoryGrain(ILedgerStore store, TimeProvider clock, IOptions<AccountOptions> options) : Grain, IKeyDirectoryGrain
{
    private const int MostPerCall = 1000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> List(string? after, int limit, CancellationToken cancellation = default)
    {
        try
        {
            return await store.ListAccountsAsync(after, Math.Clamp(limit, 1, MostPerCall), cancellation)
                .WaitAsync(options.Value.ReadTimeout, clock, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new AccountUnavailableException("The list of ledgers cannot be read.", exception);
        }
    }
}
