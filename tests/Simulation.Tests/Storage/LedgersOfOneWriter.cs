using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LlmTr.Grains.Accounts;
using LlmTr.Simulation.Tests.Invariants;

namespace LlmTr.Simulation.Tests.Storage;

/// <summary>
/// The ledgers as one activation reaches them. Knows which lines are that activation's own, by the lines themselves and not by what it thinks of them, and sees to it
/// that the store does what <see cref="ILedgerStore"/> promises.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="ledger">The lines of the activation's account as they lie in storage.</param>
/// <param name="findings">Told what does not hold.</param>
internal sealed class LedgersOfOneWriter(ILedgerStore store, IReadOnlyList<byte[]> ledger, Findings findings) : ILedgerStore
{
    private const int HashBytes = SHA256.HashSizeInBytes;

    // By their text: two activations that decide the same at the same moment write the same line, and neither need notice whose it is.
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _saved = new(StringComparer.Ordinal);

    /// <summary>
    /// True once this activation was handed a snapshot that it did not save itself. Where two write the same lines, that is all by which one can tell that the other is there.
    /// </summary>
    public bool MetSnapshotOfAnother { get; private set; }

    /// <summary>Whether the ledger holds lines in a range of sequence numbers, both ends included, that this activation never sent.</summary>
    public bool HasLinesOfOthers(long fromSeq, long toSeq) =>
        ledger.Take((int)toSeq).Skip((int)fromSeq - 1).Any(line => !_sent.Contains(Encoding.UTF8.GetString(line)));

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        _sent.UnionWith(lines.Select(Encoding.UTF8.GetString));
        return store.AppendAsync(account, position, lines, cancellation);
    }

    public async Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation)
    {
        var durable = ledger.Count;
        var stored = await store.LoadAsync(account, cancellation);
        MetSnapshotOfAnother |= stored.Snapshot is { } snapshot && !_saved.Contains(Convert.ToBase64String(snapshot));
        var first = stored.Lines.Count == 0 ? ledger.Count + 1 : LedgerLine.Decode(stored.Lines[0]).Seq;
        RequireAsWritten(account, stored.Lines, first);
        findings.Require(first + stored.Lines.Count - 1 >= durable && (stored.Lines.Count > 0 || durable == 0), Law.StoreShowsAll, $"{account}: a load ends at {first + stored.Lines.Count - 1} of {durable}");
        return stored;
    }

    public async Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation)
    {
        var durable = ledger.Count;
        var lines = await store.ReadAsync(account, fromSeq, limit, cancellation);
        RequireAsWritten(account, lines, fromSeq);
        findings.Require(lines.Count <= limit && lines.Count >= Math.Min(limit, durable - fromSeq + 1), Law.StoreShowsAll, $"{account}: a read of {limit} from {fromSeq} on gives {lines.Count} of {durable}");
        return lines;
    }

    public Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation)
    {
        RequireDurable(account, snapshot);
        _saved.Add(Convert.ToBase64String(snapshot.Encode()));
        return store.SaveSnapshotAsync(account, snapshot, cancellation);
    }

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) => throw new NotSupportedException();

    private void RequireAsWritten(string account, IReadOnlyList<byte[]> lines, long fromSeq)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var at = (int)fromSeq - 1 + i;
            findings.Require(at < ledger.Count && lines[i].AsSpan().SequenceEqual(ledger[at]), Law.StoreShowsAll, $"{account}: entry {at + 1} is not as it was written");
        }
    }

    private void RequireDurable(string account, LedgerSnapshot snapshot)
    {
        findings.Saw("snapshot to be saved");
        if (ledger.Count > snapshot.Seq)
            findings.Saw("snapshot of a ledger that has grown since");
        var named = (string?)JsonNode.Parse(snapshot.Encode().AsSpan(HashBytes))!["hash"];
        findings.Require(
            snapshot.Seq <= ledger.Count && Convert.ToHexStringLower(SHA256.HashData(ledger[(int)snapshot.Seq - 1])) == named,
            Law.SnapshotIsDurable, $"{account} saves a snapshot of entry {snapshot.Seq}, and the ledger ends at {ledger.Count} or has another entry there");
    }
}
