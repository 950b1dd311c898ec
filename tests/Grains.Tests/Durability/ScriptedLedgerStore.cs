using LlmTr.Grains.Accounts;
using LlmTr.Grains.Snapshots;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>
/// Ledgers in memory whose appends do what the test says, when it says so. Writing and answering are two acts, so that a reply can be lost,
/// an append can land after its caller gave up, or never.
/// </summary>
internal sealed class ScriptedLedgerStore : ILedgerStore
{
    private readonly Dictionary<string, List<byte[]>> _ledgers = new(StringComparer.Ordinal);
    private readonly List<PendingAppend> _appends = [];
    private readonly Queue<Func<Task>> _loadFaults = [];

    /// <summary>True: an append waits until the test completes it. False: it lands and answers at once.</summary>
    public bool HoldsAppends { get; set; }

    /// <summary>Thrown by <see cref="AppendAsync"/> itself, as a store does whose queue is full.</summary>
    public Exception? ThrowsOnAppend { get; set; }

    /// <summary>Every append that was ever asked for, oldest first.</summary>
    public IReadOnlyList<PendingAppend> Appends => _appends;

    public int Loads { get; private set; }

    /// <summary>The snapshots of all accounts as they were last saved, to look at or to spoil.</summary>
    public Dictionary<string, byte[]> Snapshots { get; } = new(StringComparer.Ordinal);

    /// <summary>How many snapshots were saved.</summary>
    public int SnapshotsSaved { get; private set; }

    /// <summary>What saving a snapshot waits for, and fails as.</summary>
    public Func<Task> OnSaveSnapshot { get; set; } = static () => Task.CompletedTask;

    /// <summary>How many lines a load gives at most, from the end.</summary>
    public int MostPerLoad { get; set; } = int.MaxValue;

    /// <summary>How many lines were given away, by loads and reads.</summary>
    public int LinesRead { get; private set; }

    /// <summary>The lines of an account, to look at or to spoil.</summary>
    public List<byte[]> Lines(string account)
    {
        if (!_ledgers.TryGetValue(account, out var lines))
            _ledgers.Add(account, lines = []);
        return lines;
    }

    /// <summary>The next load waits for the task, and fails as it does.</summary>
    public void OnNextLoad(Func<Task> fault) => _loadFaults.Enqueue(fault);

    /// <summary>From now on loads succeed and appends land at once; what hangs, hangs.</summary>
    public void Heal()
    {
        HoldsAppends = false;
        _loadFaults.Clear();
    }

    public async Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation)
    {
        Loads++;
        if (_loadFaults.TryDequeue(out var fault))
            await fault();
        var lines = Lines(account).ToArray();
        var snapshot = Snapshots.GetValueOrDefault(account);
        var from = snapshot is null || !LedgerSnapshot.TryDecode(snapshot, out var replay) || replay.Account.Seq > lines.Length ? 1 : (int)replay.Account.Seq;
        var end = lines.Skip(Math.Max(from - 1, lines.Length - MostPerLoad)).ToArray();
        LinesRead += end.Length;
        return new StoredLedger(end, new LedgerPosition(7, lines.Length), snapshot);
    }

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        if (ThrowsOnAppend is { } exception)
            throw exception;
        var append = new PendingAppend(Lines(account), position, lines);
        _appends.Add(append);
        if (!HoldsAppends)
            append.Complete();
        return append.Task;
    }

    public async Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation)
    {
        if (_loadFaults.TryDequeue(out var fault))
            await fault();
        var lines = Lines(account).Skip((int)fromSeq - 1).Take(limit).ToArray();
        LinesRead += lines.Length;
        return lines;
    }

    public async Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation)
    {
        SnapshotsSaved++;
        await OnSaveSnapshot();
        Lines(account).Count.Should().BeGreaterThanOrEqualTo((int)snapshot.Seq, "a snapshot is of what is in the ledger");
        Snapshots[account] = snapshot.Encode();
    }

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) => throw new NotSupportedException();
}

/// <summary>An append on its way.</summary>
internal sealed class PendingAppend(List<byte[]> ledger, LedgerPosition position, IReadOnlyList<byte[]> lines)
{
    // Continuations run at once, on the test's thread: a pool thread in between would make the order of things chance.
    private readonly TaskCompletionSource<LedgerPosition> _done = new();

    public Task<LedgerPosition> Task => _done.Task;

    public LedgerPosition Position => position;

    /// <summary>A copy made when the append was asked for.</summary>
    public IReadOnlyList<byte[]> Lines { get; } = [.. lines];

    /// <summary>Null until it was tried; then whether the fence let it in.</summary>
    public bool? Landed { get; private set; }

    public bool IsAnswered => _done.Task.IsCompleted;

    /// <summary>Writes the lines if nobody has written at their position.</summary>
    public bool Land()
    {
        if (Landed is { } before)
            return before;
        Landed = ledger.Count == position.Offset;
        if (Landed.Value)
            ledger.AddRange(Lines);
        return Landed.Value;
    }

    /// <summary>Lands, and tells the caller what became of it.</summary>
    public void Complete()
    {
        if (Land())
            _done.TrySetResult(position with { Offset = position.Offset + Lines.Count });
        else
            _done.TrySetException(new LedgerConflictException());
    }

    /// <summary>Fails, whether or not it has landed.</summary>
    public void Fail() => _done.TrySetException(new IOException("The store has failed."));
}
