using System.Buffers.Binary;
using LlmTr.Grains.Accounts;
using LlmTr.Silo.Azure.Ledgers;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.Storage;

/// <summary>
/// Blobs in a storage account far away. Each request takes effect at one moment and is answered at a later one, or fails, hangs, loses its reply or takes effect long after
/// its caller gave up. A blob's position and existence are always those of the moment.
/// </summary>
/// <param name="scheduler">Says when.</param>
/// <param name="dice">Says what goes wrong.</param>
/// <param name="plan">Says how often.</param>
/// <param name="findings">Told what has come up.</param>
/// <param name="appended">Told of each block that lands, and what <paramref name="caller"/> gave when it was sent.</param>
/// <param name="caller">Who sends a block.</param>
internal sealed class SimulatedBlobs<TCaller>(
    Scheduler scheduler, Dice dice, Plan plan, Findings findings, Action<string, ReadOnlyMemory<byte>, TCaller> appended, Func<TCaller> caller) : ILedgerBlobs
{
    // A checksum behind four numbers, of which the first is the entry's.
    private const int SnapshotHeadBytes = 40;

    private static readonly TimeSpan CallerGivesUpAfter = new AccountOptions().AppendTimeout;

    private readonly SortedDictionary<string, Blob> _blobs = new(StringComparer.Ordinal);
    private readonly SimulatedSnapshots _snapshots = new(scheduler, dice, plan, findings, SnapshotHeadBytes);
    private TimeSpan _downUntil;

    public void GoDown(TimeSpan howLong) => _downUntil = scheduler.Now + howLong;

    public Task<AppendedBlock> AppendAsync(string blob, long position, ReadOnlyMemory<byte> block, CancellationToken cancellation)
    {
        var (sent, sender) = (scheduler.Now, caller());
        block = block.ToArray();
        return Write(() =>
        {
            if (!_blobs.TryGetValue(blob, out var found))
                return new AppendedBlock(AppendOutcome.NoBlob);
            if (found.Bytes.Count != position)
            {
                findings.Saw("append refused by the fence");
                return new AppendedBlock(AppendOutcome.WrongPosition);
            }

            if (scheduler.Now - sent > CallerGivesUpAfter)
                findings.Saw("append landed after its caller gave up");
            found.Bytes.AddRange(block.Span);
            found.Blocks++;
            appended(blob, block, sender);
            return new AppendedBlock(AppendOutcome.Appended, found.Blocks);
        });
    }

    public Task CreateAsync(string blob, CancellationToken cancellation) => Write(() =>
    {
        if (!_blobs.TryAdd(blob, new Blob()))
            findings.Saw("blob to be made that is there");
        return 0;
    });

    public Task<BlobPart?> ReadAsync(string blob, long offset, int mostBytes, CancellationToken cancellation) => Read<BlobPart?>(() =>
    {
        if (!_blobs.TryGetValue(blob, out var found))
            return null;
        if (offset >= found.Bytes.Count)
            return new BlobPart(ReadOnlyMemory<byte>.Empty, offset, 0);
        return new BlobPart(found.Bytes.GetRange((int)offset, (int)Math.Min(mostBytes, found.Bytes.Count - offset)).ToArray(), found.Bytes.Count, found.Blocks);
    });

    public Task<IReadOnlyList<ListedBlob>> ListAsync(string prefix, string from, int most, CancellationToken cancellation) => Read<IReadOnlyList<ListedBlob>>(() =>
        [.. _blobs.Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(blob.Key, from) >= 0)
            .Take(most)
            .Select(static blob => new ListedBlob(blob.Key, blob.Value.Bytes.Count))]);

    public Task ReplaceAsync(string blob, Func<byte[]> content, CancellationToken cancellation) =>
        _snapshots.Save(blob, BinaryPrimitives.ReadInt64LittleEndian(content()), content);

    public Task<byte[]?> ReadWholeAsync(string blob, CancellationToken cancellation) => Read(() => _snapshots.Load(blob).Bytes);

    private Task<T> Write<T>(Func<T> effect)
    {
        if (plan.Strikes(plan.RefusedAtOnce))
            throw new IOException("The storage account takes no more.");

        // Completed without RunContinuationsAsynchronously: a pool thread in between would leave the simulation.
        var answer = new TaskCompletionSource<T>();
        var landed = new Lazy<T>(effect);
        var soon = Latency() + DownFor();
        if (plan.Strikes(plan.FailedAppend))
        {
            scheduler.After(soon, Fail);
        }
        else if (plan.Strikes(plan.FailedAppendThatLands))
        {
            var later = soon + dice.UpTo(TimeSpan.FromSeconds(dice.OneIn(3) ? 30 : 1));
            scheduler.After(dice.OneIn(2) ? soon : later, () => _ = landed.Value);
            scheduler.After(soon, Fail);
        }
        else if (plan.Strikes(plan.LostAppendReply))
        {
            scheduler.After(soon, () => _ = landed.Value);
        }
        else if (plan.Strikes(plan.LateAppend))
        {
            scheduler.After(soon + dice.Between(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(dice.OneIn(3) ? 120 : 5)), Complete);
        }
        else if (!plan.Strikes(plan.HungAppend))
        {
            scheduler.After(soon, () => _ = landed.Value);
            scheduler.After(soon + (plan.Strikes(plan.SlowAppendReply) ? dice.UpTo(TimeSpan.FromSeconds(2)) : Latency()), Complete);
        }

        return answer.Task;

        void Complete() => answer.TrySetResult(landed.Value);

        void Fail() => answer.TrySetException(new IOException("The storage account has failed."));
    }

    private Task<T> Read<T>(Func<T> read)
    {
        var answer = new TaskCompletionSource<T>();
        var soon = Latency() + DownFor();
        if (plan.Strikes(plan.FailedRead))
        {
            scheduler.After(soon, () => answer.SetException(new IOException("The storage account cannot be read.")));
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

    private sealed class Blob
    {
        public List<byte> Bytes { get; } = [];

        public int Blocks { get; set; }
    }
}
