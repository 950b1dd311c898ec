using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Snapshots;
using Microsoft.Extensions.Logging;

namespace LlmTr.Grains.Accounts;

/// <content>From a snapshot, where one can be believed, and the lines behind it to the account.</content>
public sealed partial class DurableAccount
{
    private const int LinesPerPage = 10_000;

    private async Task<LedgerReplay> ReplayAsync(StoredLedger stored)
    {
        if (stored.Lines.Count == 0)
            return new LedgerReplay();
        var firstSeq = LedgerLine.Decode(stored.Lines[0]).Seq;
        var replay = await FromSnapshotAsync(stored, firstSeq) ?? new LedgerReplay();

        // This host cuts snapshots of what it knows to be durable: one from further on is another's.
        SawAnotherWriter |= replay.Account.Seq > _durableSeq;
        _snapshots.BeginAt(replay.Account.Seq);
        while (replay.Account.Seq + 1 < firstSeq)
            Take(replay, await ReadPageAsync(replay.Account.Seq + 1, (int)Math.Min(LinesPerPage, firstSeq - 1 - replay.Account.Seq)));
        Take(replay, stored.Lines.Skip((int)(replay.Account.Seq + 1 - firstSeq)));
        return replay;
    }

    // Null where there is no snapshot, or none that can be read and that the ledger agrees with.
    private async Task<LedgerReplay?> FromSnapshotAsync(StoredLedger stored, long firstSeq)
    {
        if (stored.Snapshot is not { } bytes)
            return null;
        if (LedgerSnapshot.TryDecode(bytes, out var replay))
        {
            var seq = replay.Account.Seq;
            var line = seq < firstSeq ? (await ReadPageAsync(seq, 1))[0] : stored.Lines.ElementAtOrDefault((int)Math.Min(seq - firstSeq, int.MaxValue));
            if (line is not null && LineHash.Of(line) == replay.Hash && Agrees(LedgerLine.Decode(line), replay.Account))
                return replay;
        }

        LogSnapshotIgnored(logger, name);
        return null;
    }

    private static bool Agrees(LedgerEntry entry, KeyAccount account) =>
        entry.Seq == account.Seq && entry.At == account.LastEntryAt && entry.Balance == account.Balance && entry.Held == account.Held;

    private async Task<IReadOnlyList<byte[]>> ReadPageAsync(long fromSeq, int limit)
    {
        var lines = await store.ReadAsync(name, fromSeq, limit, CancellationToken.None).WaitAsync(options.LoadTimeout, clock);
        return lines.Count > 0 ? lines : throw new LedgerBrokenException($"Entry {fromSeq} is missing.");
    }

    private void Take(LedgerReplay replay, IEnumerable<byte[]> lines)
    {
        foreach (var line in lines)
        {
            var entry = replay.Take(line);
            if (!(entry.Seq > _durableSeq))
                continue;

            // Sent by this host with an unknown outcome, and found to have landed.
            if (_perhapsSent.Contains(replay.Hash))
                metrics?.Written(entry);
            else
                SawAnotherWriter = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Account {Account}: its snapshot cannot be used, as it is damaged, of another version or not of this ledger; the whole ledger is read.")]
    private static partial void LogSnapshotIgnored(ILogger logger, string account);
}
