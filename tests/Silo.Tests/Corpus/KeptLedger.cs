using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Silo.Tests.Corpus;

/// <summary>A ledger that is only read, and counts who needs its beginning in spite of its snapshot.</summary>
internal sealed class KeptLedger(List<byte[]> lines, byte[] snapshot) : ILedgerStore
{
    // The snapshot names the hash of its entry's line: the line after it names it too.
    private readonly int _snapshotLine = lines.FindIndex(line => snapshot.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(LedgerLine.Hash(line))) >= 0);

    public IReadOnlyList<byte[]> Lines => lines;

    public int ReadsOfItsBeginning { get; private set; }

    public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation) =>
        Task.FromResult(new StoredLedger(lines[_snapshotLine..], new LedgerPosition(1, lines.Count), snapshot));

    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation)
    {
        ReadsOfItsBeginning++;
        return Task.FromResult<IReadOnlyList<byte[]>>([.. lines.Skip((int)fromSeq - 1).Take(limit)]);
    }

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> added, CancellationToken cancellation) => throw new NotSupportedException("It is only read.");

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);
}
