using LlmTr.Grains.Accounts;
using LlmTr.Grains.Snapshots;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>A store that counts what goes through it, and fails or waits when told to.</summary>
internal sealed class FaultyLedgerStore(ILedgerStore inner) : ILedgerStore
{
    private long _appends;
    private long _lines;

    public long Appends => Interlocked.Read(ref _appends);

    public long Lines => Interlocked.Read(ref _lines);

    /// <summary>Every append waits for this before it is written; a failed one fails it.</summary>
    public Task BeforeAppend { get; set; } = Task.CompletedTask;

    public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation) => inner.LoadAsync(account, cancellation);

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _appends);
        Interlocked.Add(ref _lines, lines.Count);
        return BeforeAppend.IsCompletedSuccessfully ? inner.AppendAsync(account, position, lines, cancellation) : AfterAsync(BeforeAppend);

        async Task<LedgerPosition> AfterAsync(Task before)
        {
            await before;
            return await inner.AppendAsync(account, position, lines, cancellation);
        }
    }

    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        inner.ReadAsync(account, fromSeq, limit, cancellation);

    public Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation) => inner.SaveSnapshotAsync(account, snapshot, cancellation);

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) => inner.ListAccountsAsync(after, limit, cancellation);
}
