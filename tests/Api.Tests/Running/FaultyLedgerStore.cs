using LlmTr.Grains.Accounts;

namespace LlmTr.Api.Tests.Running;

/// <summary>A ledger that a test can take away: reads and appends fail while <see cref="IsDown"/>.</summary>
public sealed class FaultyLedgerStore(ILedgerStore store) : ILedgerStore
{
    private volatile bool _isDown;

    public bool IsDown
    {
        get => _isDown;
        set => _isDown = value;
    }

    public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation) => Reached().LoadAsync(account, cancellation);

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation) =>
        Reached().AppendAsync(account, position, lines, cancellation);

    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        Reached().ReadAsync(account, fromSeq, limit, cancellation);

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) =>
        Reached().ListAccountsAsync(after, limit, cancellation);

    private ILedgerStore Reached() => IsDown ? throw new IOException("The ledger was taken away by a test.") : store;
}
