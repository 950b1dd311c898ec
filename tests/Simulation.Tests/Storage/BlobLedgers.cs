using System.Text;
using LlmTr.Grains.Accounts;
using LlmTr.Silo.Azure.Ledgers;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.Storage;

/// <summary>Ledgers behind the real protocol of the Azure store, one of each silo, over simulated blobs that roll every few appends.</summary>
internal sealed class BlobLedgers : ISimulatedStorage
{
    private readonly Dictionary<string, List<byte[]>> _ledgers = new(StringComparer.Ordinal);

    // A silo that is dead has none any more, as its process has not.
    private readonly Dictionary<Node, ILedgerStore> _stores = [];
    private readonly AsyncLocal<Append?> _append = new();
    private readonly Findings _findings;
    private readonly Action<string, byte[]> _landed;
    private readonly SimulatedBlobs<Append?> _blobs;
    private readonly AzureLedgerOptions _options;

    public BlobLedgers(Scheduler scheduler, Dice dice, Plan plan, Findings findings, Action<string, byte[]> landed)
    {
        (_findings, _landed) = (findings, landed);
        _blobs = new SimulatedBlobs<Append?>(scheduler, dice, plan, findings, Landed, () => _append.Value);
        _options = new AzureLedgerOptions { RollAtBlocks = plan.RollAtBlocks, RollAtBytes = plan.RollAtBytes, LoadBytes = plan.LoadBytes, SearchBytes = plan.SearchBytes };
    }

    public LedgersOfOneWriter Of(string key, Node silo)
    {
        if (!_stores.TryGetValue(silo, out var store))
            _stores.Add(silo, store = new Watched(new AzureLedgerStore(_blobs, _options), this));
        return new LedgersOfOneWriter(store, LinesOf(key), _findings);
    }

    public void GoDown(TimeSpan howLong) => _blobs.GoDown(howLong);

    // Blobs are read here as docs/ledger.md tells, not by the code that wrote them.
    private void Landed(string blob, ReadOnlyMemory<byte> block, Append? append)
    {
        var account = blob.Split('/')[1];
        var lines = Encoding.UTF8.GetString(block.Span).Split('\n')[..^1];
        foreach (var line in lines)
        {
            if (line.StartsWith("{\"rolled\":", StringComparison.Ordinal))
            {
                _findings.Saw("blob sealed");
                continue;
            }

            var bytes = Encoding.UTF8.GetBytes(line);
            LinesOf(account).Add(bytes);
            _landed(account, bytes);
        }

        if (lines.Length > 3)
            _findings.Saw("append of many entries");
        append!.Landed++;
        _findings.Require(append is { Landed: 1, Refused: false }, Law.StoreTellsTrue, $"{account}: a block lands that was {(append.Refused ? "refused" : "there")}");
    }

    private List<byte[]> LinesOf(string account)
    {
        if (!_ledgers.TryGetValue(account, out var lines))
            _ledgers.Add(account, lines = []);
        return lines;
    }

    /// <summary>One call of <see cref="ILedgerStore.AppendAsync"/>, whatever it took.</summary>
    private sealed class Append
    {
        public int Landed { get; set; }

        public bool Refused { get; set; }
    }

    /// <summary>Compares what the store says of an append with what became of its blocks.</summary>
    private sealed class Watched(ILedgerStore store, BlobLedgers world) : ILedgerStore
    {
        public async Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
        {
            var append = world._append.Value = new Append();
            try
            {
                var next = await store.AppendAsync(account, position, lines, cancellation);
                world._findings.Require(append.Landed == 1, Law.StoreTellsTrue, $"{account}: an append is done and its lines are there {append.Landed} times");
                return next;
            }
            catch (LedgerConflictException)
            {
                append.Refused = true;
                world._findings.Require(append.Landed == 0, Law.StoreTellsTrue, $"{account}: an append is refused and its lines are there");
                throw;
            }
        }

        public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation) => store.LoadAsync(account, cancellation);

        public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) => store.ReadAsync(account, fromSeq, limit, cancellation);

        public Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation) => store.SaveSnapshotAsync(account, snapshot, cancellation);

        public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) => store.ListAccountsAsync(after, limit, cancellation);
    }
}
