using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LlmTr.Grains.Accounts;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.Storage;

/// <summary>
/// Snapshots beside the ledgers, kept as badly as <see cref="ILedgerStore.SaveSnapshotAsync"/> allows: lost, late, in the wrong order, damaged, or of another
/// history of the same ledger, as after a restore of one file and not of the other.
/// </summary>
/// <param name="scheduler">Says when.</param>
/// <param name="dice">Says what goes wrong.</param>
/// <param name="plan">Says how often.</param>
/// <param name="findings">Told what has come up.</param>
/// <param name="headBytes">What a store puts in front of a snapshot.</param>
internal sealed class SimulatedSnapshots(Scheduler scheduler, Dice dice, Plan plan, Findings findings, int headBytes)
{
    private const int HashBytes = SHA256.HashSizeInBytes;

    // All that were ever written, in the order in which they landed.
    private readonly Dictionary<string, List<(long Seq, byte[] Bytes)>> _landed = new(StringComparer.Ordinal);

    public Task Save(string account, long seq, Func<byte[]> encode)
    {
        if (plan.Strikes(plan.RefusedSnapshot))
            throw new IOException("The store takes no more snapshots.");

        // Completed without RunContinuationsAsynchronously: a pool thread in between would leave the simulation.
        var answer = new TaskCompletionSource();
        var soon = dice.Between(TimeSpan.FromMicroseconds(200), TimeSpan.FromMilliseconds(20));
        if (plan.Strikes(plan.FailedSnapshot))
        {
            scheduler.After(soon, () => answer.SetException(new IOException("The snapshot could not be written.")));
        }
        else if (plan.Strikes(plan.LostSnapshot))
        {
            scheduler.After(soon, answer.SetResult);
        }
        else
        {
            // Its caller may be told long before it lands, so that it lands over a newer one.
            var lands = plan.Strikes(plan.LateSnapshot) ? dice.UpTo(TimeSpan.FromMinutes(2)) : soon;
            scheduler.After(lands, () => Land(account, seq, encode));
            scheduler.After(dice.OneIn(2) ? soon : lands, answer.SetResult);
        }

        return answer.Task;
    }

    /// <summary>What a load is given, and the entry that it is said to be of: (0, null) without one.</summary>
    public (long Seq, byte[]? Bytes) Load(string account)
    {
        if (!_landed.TryGetValue(account, out var landed) || plan.Strikes(plan.NoSnapshot))
            return (0, null);
        var newest = landed[^1];
        var found = plan.Strikes(plan.OldSnapshot) ? dice.Pick(landed) : newest;
        if (found.Bytes != newest.Bytes)
            findings.Saw("old snapshot loaded");
        if (plan.Strikes(plan.DamagedSnapshot))
            return Bad("damaged snapshot loaded", (found.Seq, Damaged(found.Bytes)));
        if (plan.Strikes(plan.ForeignSnapshot))
            return Bad("snapshot of another history loaded", (found.Seq, OfAnotherHistory(found.Bytes)));
        findings.Saw("snapshot loaded");
        return found;
    }

    private void Land(string account, long seq, Func<byte[]> encode)
    {
        // Encoded as late as possible: what happens to the account in between must not change what was cut.
        var bytes = encode();
        if (!_landed.TryGetValue(account, out var landed))
            _landed.Add(account, landed = []);
        if (landed.Count > 0 && landed[^1].Seq > seq)
            findings.Saw("snapshot landed over a newer one");
        landed.Add((seq, bytes));
    }

    private (long Seq, byte[] Bytes) Bad(string what, (long Seq, byte[] Bytes) snapshot)
    {
        findings.Saw(what);
        findings.Saw("snapshot loaded that must not be believed");
        return snapshot;
    }

    private byte[] Damaged(byte[] bytes)
    {
        if (dice.OneIn(3))
            return bytes[..dice.Below(bytes.Length)];
        var damaged = bytes.ToArray();
        damaged[dice.Below(bytes.Length)] ^= (byte)(1 << dice.Below(8));
        return damaged;
    }

    // Whole in itself and of the right entry, with the right balance even; only the hash of the entry tells that it is of another ledger.
    private byte[] OfAnotherHistory(byte[] bytes)
    {
        var document = JsonNode.Parse(bytes.AsSpan(headBytes + HashBytes))!;
        var hash = (string)document["hash"]!;
        document["hash"] = (hash[0] == '0' ? "1" : "0") + hash[1..];
        document["state"]!["settled_requests"] = (long)document["state"]!["settled_requests"]! + 1;
        var json = System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
        return [.. bytes[..headBytes], .. SHA256.HashData(json), .. json];
    }
}
