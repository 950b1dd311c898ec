using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Repeats;
using LlmTr.Money;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Ledgers;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmTr.Silo.Tests.Measuring;

/// <summary>
/// What the parts of an account cost: microseconds of one thread for each entry, bytes for each remembered id, and the activation of a long ledger. No test: figures
/// depend on the machine.
/// </summary>
internal static class AccountMeasurement
{
    public static async Task<int> RunAsync(TextWriter output, int entries)
    {
        MeasureParts(output);
        MeasureEndedHolds(output);
        foreach (var spread in new[] { TimeSpan.FromDays(30), TimeSpan.FromMinutes(5) })
            output.WriteLine(await MeasureActivationAsync(entries, spread));
        return 0;
    }

    private static void MeasureParts(TextWriter output)
    {
        const int Pairs = 100_000;
        for (var round = 0; round < 2; round++)
        {
            var history = new SyntheticHistory(TimeSpan.FromMilliseconds(1));
            var entries = new List<LedgerEntry>(2 * Pairs);
            var decided = Microseconds(() => entries.AddRange(history.Entries(2 * Pairs)));
            var lines = new byte[entries.Count][];
            var hash = LineHash.Genesis;
            var encoded = Microseconds(() =>
            {
                for (var i = 0; i < lines.Length; i++)
                    lines[i] = LedgerLine.Encode(entries[i], LedgerLine.GenesisHash);
            });
            var hashed = Microseconds(() =>
            {
                foreach (var line in lines)
                    hash = LineHash.Of(line);
            });
            var decoded = Microseconds(() =>
            {
                foreach (var line in lines)
                    LedgerLine.Decode(line);
            });
            var account = new KeyAccount();
            var applied = Microseconds(() =>
            {
                foreach (var entry in entries)
                    account.Apply(entry);
            });
            output.WriteLine(FormattableString.Invariant(
                $"microseconds an entry: decide and apply {decided / entries.Count:F2}, of it apply {applied / entries.Count:F2}; encode {encoded / entries.Count:F2}; hash {hashed / entries.Count:F2}; decode {decoded / entries.Count:F2}"));
        }
    }

    private static void MeasureEndedHolds(TextWriter output)
    {
        foreach (var perSecond in new[] { 1_000, 30_000 })
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var ended = new EndedHolds();
            var start = DateTimeOffset.UnixEpoch.AddYears(60);
            const int Seconds = 9 * 60;
            var most = (Count: 0, Bytes: 0L);
            var slowest = TimeSpan.Zero;
            var took = Microseconds(() =>
            {
                for (var second = 0; second < Seconds; second++)
                {
                    var now = start.AddSeconds(second);
                    var began = TimeProvider.System.GetTimestamp();
                    for (var i = 0; i < perSecond; i++)
                        ended.Add(new RequestId(Guid.CreateVersion7(now)), new EndedHold(LedgerEntryKind.HoldSettled, new UsdTicks(i), UsdTicks.Zero), now);
                    slowest = TimeProvider.System.GetElapsedTime(began) is var elapsed && elapsed > slowest ? elapsed : slowest;
                    if (ended.Count > most.Count)
                        most = (ended.Count, ended.Bytes);
                }
            });
            var heap = GC.GetTotalMemory(forceFullCollection: true) - before;
            output.WriteLine(FormattableString.Invariant(
                $"{perSecond} ends a second for {Seconds} s: at most {most.Count} ids in {most.Bytes / 1048576.0:F0} MiB ({(double)most.Bytes / most.Count:F1} bytes each; heap at the end {heap / 1048576.0:F0} MiB), {took / (perSecond * (double)Seconds):F2} microseconds an end, slowest second {slowest.TotalMilliseconds:F0} ms"));
            GC.KeepAlive(ended);
        }
    }

    private static async Task<string> MeasureActivationAsync(int entries, TimeSpan spread)
    {
        using var temporary = new TemporaryFolder();
        using var folder = temporary.Open();
        await SyntheticHistory.WriteAsync(folder, "key", entries, spread, new AccountOptions().SnapshotEvery);

        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            using var store = new SqliteLedgerStore(folder);
            var began = TimeProvider.System.GetTimestamp();
            var host = new DurableAccount("key", store, TimeProvider.System, new AccountOptions(), NullLogger.Instance);
            await host.Read(0, static (account, _, _, _) => account.View());
            best = TimeProvider.System.GetElapsedTime(began) is var took && took < best ? took : best;
        }

        return FormattableString.Invariant($"activation of {entries} entries over {spread}: {best.TotalMilliseconds:F0} ms (best of 5)");
    }

    private static double Microseconds(Action action)
    {
        var began = TimeProvider.System.GetTimestamp();
        action();
        return TimeProvider.System.GetElapsedTime(began).TotalMicroseconds;
    }
}
