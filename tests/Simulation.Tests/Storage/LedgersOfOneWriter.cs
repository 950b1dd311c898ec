using System.Text;
using LlmTr.Grains.Accounts;

namespace LlmTr.Simulation.Tests.Storage;

/// <summary>The ledgers as one activation reaches them. Knows which lines are that activation's own, by the lines themselves and not by what it thinks of them.</summary>
internal sealed class LedgersOfOneWriter(SimulatedLedgers ledgers) : ILedgerStore
{
    // By their text: two activations that decide the same at the same moment write the same line, and neither need notice whose it is.
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _saved = new(StringComparer.Ordinal);

    /// <summary>
    /// True once this activation was handed a snapshot that it did not save itself. Where two write the same lines, that is all by which one can tell that the other is there.
    /// </summary>
    public bool MetSnapshotOfAnother { get; private set; }

    /// <summary>Whether a ledger holds lines in a range of sequence numbers, both ends included, that this activation never sent.</summary>
    public bool HasLinesOfOthers(string account, long fromSeq, long toSeq) =>
        ledgers.Lines(account).Take((int)toSeq).Skip((int)fromSeq - 1).Any(line => !_sent.Contains(Encoding.UTF8.GetString(line)));

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        _sent.UnionWith(lines.Select(Encoding.UTF8.GetString));
        return ledgers.AppendAsync(account, position, lines, cancellation);
    }

    public async Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation)
    {
        var stored = await ledgers.LoadAsync(account, cancellation);
        MetSnapshotOfAnother |= stored.Snapshot is { } snapshot && !_saved.Contains(Convert.ToBase64String(snapshot));
        return stored;
    }

    public Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation)
    {
        _saved.Add(Convert.ToBase64String(snapshot.Encode()));
        return ledgers.SaveSnapshotAsync(account, snapshot, cancellation);
    }

    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        ledgers.ReadAsync(account, fromSeq, limit, cancellation);

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) =>
        ledgers.ListAccountsAsync(after, limit, cancellation);
}
