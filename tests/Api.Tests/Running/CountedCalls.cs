using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;

namespace LlmTr.Api.Tests.Running;

/// <summary>Counts the calls of accounts and of the ledger store.</summary>
public sealed class CountedCalls(ILedgerStore store) : ILedgerStore, IIncomingGrainCallFilter
{
    private int _grainCalls;
    private int _storeCalls;

    public (int Grain, int Store) Count => (Volatile.Read(ref _grainCalls), Volatile.Read(ref _storeCalls));

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is IApiKeyGrain)
            Interlocked.Increment(ref _grainCalls);
        return context.Invoke();
    }

    public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation) => Counted().LoadAsync(account, cancellation);

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation) =>
        Counted().AppendAsync(account, position, lines, cancellation);

    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        Counted().ReadAsync(account, fromSeq, limit, cancellation);

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) =>
        Counted().ListAccountsAsync(after, limit, cancellation);

    private ILedgerStore Counted()
    {
        Interlocked.Increment(ref _storeCalls);
        return store;
    }
}
