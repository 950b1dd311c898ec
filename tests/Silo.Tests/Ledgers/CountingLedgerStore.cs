using LlmTr.Grains.Accounts;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>A store that counts what goes through it, and fails when told to.</summary>
internal sealed class CountingLedgerStore(ILedgerStore inner) : ILedgerStore
{
    private long _appends;
    private long _lines;
    private long _loads;

    public long Appends => Interlocked.Read(ref _appends);

    public long Lines => Interlocked.Read(ref _lines);

    public long Loads => Interlocked.Read(ref _loads);

    /// <summary>True: every append fails before it is written.</summary>
    public bool Fails { get; set; }

    public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _loads);
        return inner.LoadAsync(account, cancellation);
    }

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _appends);
        Interlocked.Add(ref _lines, lines.Count);
        return Fails ? Task.FromException<LedgerPosition>(new IOException("The store has failed.")) : inner.AppendAsync(account, position, lines, cancellation);
    }

    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        inner.ReadAsync(account, fromSeq, limit, cancellation);

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) => inner.ListAccountsAsync(after, limit, cancellation);
}
