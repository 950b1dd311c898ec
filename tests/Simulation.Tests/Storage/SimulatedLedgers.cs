using LlmTr.Grains.Accounts;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.Storage;

/// <summary>
/// Ledgers on a disk far away. Writing and answering are two acts, so that a reply can be lost, and an append can land long after its caller gave up, or
/// never. What never happens is what <see cref="ILedgerStore"/> rules out: half an append, or one at a wrong position.
/// </summary>
internal sealed class SimulatedLedgers(Scheduler scheduler, Dice dice, Plan plan, Findings findings, Action<string, byte[]> landed) : ISimulatedStorage, ILedgerStore
{
    // Positions mean something to the store only: whoever makes one up is caught. A store that rolls its ledgers has more than one: BlobLedgers.
    private const long Segment = 7;

    private readonly Dictionary<string, List<byte[]>> _ledgers = new(StringComparer.Ordinal);
    private readonly SimulatedSnapshots _snapshots = new(scheduler, dice, plan, findings, headBytes: 0);
    private TimeSpan _downUntil;

    public LedgersOfOneWriter Of(string key, Node silo) => new(this, LinesOf(key), findings);

    public void GoDown(TimeSpan howLong) => _downUntil = scheduler.Now + howLong;

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        if (plan.Strikes(plan.RefusedAtOnce))
            throw new IOException("The store takes no more.");
        var append = new Append(LinesOf(account), account, position, [.. lines], scheduler, findings, landed);
        var soon = Latency() + DownFor();
        if (plan.Strikes(plan.FailedAppend))
        {
            scheduler.After(soon, append.Fail);
        }
        else if (plan.Strikes(plan.FailedAppendThatLands))
        {
            var later = soon + dice.UpTo(TimeSpan.FromSeconds(dice.OneIn(3) ? 30 : 1));
            scheduler.After(dice.OneIn(2) ? soon : later, append.Land);
            scheduler.After(soon, append.Fail);
            scheduler.After(later, append.Land);
        }
        else if (plan.Strikes(plan.LostAppendReply))
        {
            scheduler.After(soon, append.Land);
        }
        else if (plan.Strikes(plan.LateAppend))
        {
            scheduler.After(soon + dice.Between(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(dice.OneIn(3) ? 120 : 5)), append.Complete);
        }
        else if (!plan.Strikes(plan.HungAppend))
        {
            // An append takes effect at one moment and is answered at a later one.
            scheduler.After(soon, append.Land);
            var told = plan.Strikes(plan.SlowAppendReply) ? dice.UpTo(TimeSpan.FromSeconds(2)) : Latency();
            scheduler.After(soon + told, append.Complete);
        }

        return append.Task;
    }

    public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation) => Read(() =>
    {
        var lines = LinesOf(account).ToArray();
        if (lines.Length == 0)
            return new StoredLedger([], LedgerPosition.Start);
        var (seq, snapshot) = _snapshots.Load(account);

        // With a snapshot the lines begin with its own; more or fewer of them may come, but for the last.
        var from = Math.Max(1, (int)seq);
        if (dice.OneIn(4))
            from = 1 + dice.Below(lines.Length);
        return new StoredLedger(lines[(from - 1)..], new LedgerPosition(Segment, lines.Length), snapshot);
    });

    public Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation) => _snapshots.Save(account, snapshot.Seq, snapshot.Encode);

    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        Read<IReadOnlyList<byte[]>>(() => LinesOf(account).Skip((int)fromSeq - 1).Take(limit).ToArray());

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) => throw new NotSupportedException();

    private Task<T> Read<T>(Func<T> read)
    {
        var answer = new TaskCompletionSource<T>();
        var soon = Latency() + DownFor();
        if (plan.Strikes(plan.FailedRead))
        {
            scheduler.After(soon, () => answer.SetException(new IOException("The store cannot be read.")));
        }
        else if (!plan.Strikes(plan.HungRead))
        {
            // What was read is old by the time it arrives.
            scheduler.After(soon, () =>
            {
                var found = read();
                scheduler.After(Latency(), () => answer.SetResult(found));
            });
        }

        return answer.Task;
    }

    private TimeSpan Latency() => dice.Between(TimeSpan.FromMicroseconds(200), TimeSpan.FromMilliseconds(dice.OneIn(20) && !plan.IsCalm ? 1500 : 8));

    private TimeSpan DownFor() => _downUntil > scheduler.Now && !plan.IsCalm ? _downUntil - scheduler.Now : TimeSpan.Zero;

    private List<byte[]> LinesOf(string account)
    {
        if (!_ledgers.TryGetValue(account, out var lines))
            _ledgers.Add(account, lines = []);
        return lines;
    }

    private sealed class Append(
        List<byte[]> ledger, string account, LedgerPosition position, byte[][] lines, Scheduler scheduler, Findings findings, Action<string, byte[]> landed)
    {
        private static readonly TimeSpan CallerGivesUpAfter = new AccountOptions().AppendTimeout;

        private readonly TimeSpan _began = scheduler.Now;

        // Without RunContinuationsAsynchronously: a pool thread in between would leave the simulation.
        private readonly TaskCompletionSource<LedgerPosition> _answer = new();
        private bool _tried;
        private bool _landed;

        public Task<LedgerPosition> Task => _answer.Task;

        public void Land()
        {
            if (_tried)
                return;
            _tried = true;
            var end = ledger.Count == 0 ? LedgerPosition.Start : new LedgerPosition(Segment, ledger.Count);
            _landed = position == end;
            if (!_landed)
            {
                findings.Saw("append refused by the fence");
                return;
            }

            if (_answer.Task.IsCompleted || scheduler.Now - _began > CallerGivesUpAfter)
                findings.Saw("append landed after its caller gave up");
            if (lines.Length > 2)
                findings.Saw("append of many entries");
            ledger.AddRange(lines);
            foreach (var line in lines)
                landed(account, line);
        }

        public void Complete()
        {
            Land();
            if (_landed)
                _answer.TrySetResult(new LedgerPosition(Segment, position.Offset + lines.Length));
            else
                _answer.TrySetException(new LedgerConflictException());
        }

        public void Fail() => _answer.TrySetException(new IOException("The store has failed."));
    }
}
