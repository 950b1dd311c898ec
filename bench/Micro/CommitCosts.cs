using System.Globalization;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Silo.Sqlite;

namespace LlmTr.Micro;

/// <summary>
/// What an append costs beyond its time: processor, bytes allocated, bytes and calls given to the disk (log and checkpoints together, by <c>/proc/self/io</c>), in a file that is not new:
/// 100,000 lines, of 100 keys and of 1,000. BenchmarkDotNet knows none of these.
/// </summary>
internal static class CommitCosts
{
    private const int LinesBefore = 100_000;

    public static async Task<int> RunAsync(TextWriter output)
    {
        foreach (var keys in new[] { 100, 1_000 })
        {
            await output.WriteLineAsync($"{keys} keys");
            await RunAsync(output, keys);
        }

        return 0;
    }

    private static async Task RunAsync(TextWriter output, int count)
    {
        var directory = Directory.CreateTempSubdirectory("llmtr-micro-");
        try
        {
            using var folder = DataFolder.Open(directory.FullName);
            using var store = new SqliteLedgerStore(folder);
            var history = new History();
            history.HoldAndSettle();
            var keys = new Appended(store, [LedgerLine.Encode(history.Entries[0], LedgerLine.GenesisHash)], count);
            for (var i = 0; i < LinesBefore; i += 100)
                await keys.AppendAsync(i, 100);
            foreach (var (atOnce, commits) in new[] { (1, 6_000), (16, 3_000), (64, 2_000) })
                await output.WriteLineAsync(await MeasureAsync(keys, atOnce, commits));
            await output.WriteLineAsync(await MeasureReadsAsync(keys));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<string> MeasureAsync(Appended keys, int atOnce, int commits)
    {
        var (clock, took, appends) = (TimeProvider.System, new double[commits], (double)commits * atOnce);
        var (cpu, allocated, written, start) = (Environment.CpuUsage, GC.GetTotalAllocatedBytes(), Written(), clock.GetTimestamp());
        for (var i = 0; i < commits; i++)
        {
            var from = clock.GetTimestamp();
            await keys.AppendAsync(i * atOnce, atOnce);
            took[i] = clock.GetElapsedTime(from).TotalMicroseconds;
        }

        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        var (user, system) = (Environment.CpuUsage.UserTime - cpu.UserTime, Environment.CpuUsage.PrivilegedTime - cpu.PrivilegedTime);
        (allocated, var (bytes, calls)) = (GC.GetTotalAllocatedBytes() - allocated, Written());
        Array.Sort(took);
        return string.Create(CultureInfo.InvariantCulture,
            $"{atOnce,3} at once: {commits / seconds,6:F0} rounds/s; a round p50 {took[commits / 2],6:F0} µs, p99 {took[commits * 99 / 100],6:F0}, max {took[^1],6:F0}; an append: CPU {user.TotalMicroseconds / appends,5:F1} + {system.TotalMicroseconds / appends,5:F1} µs (user + system), {allocated / appends,6:F0} bytes allocated, {(bytes - written.Bytes) / appends,6:F0} bytes in {(calls - written.Calls) / appends,5:F2} writes");
    }

    // As an account does before an answer that writes nothing: has anybody written behind me? An append of some other account goes before, as it does in practice.
    private static async Task<string> MeasureReadsAsync(Appended keys)
    {
        const int Reads = 4_000;
        var (clock, looks, loads) = (TimeProvider.System, new double[Reads], new double[Reads]);
        for (var i = 0; i < Reads; i++)
        {
            await keys.AppendAsync(i, 1);
            var from = clock.GetTimestamp();
            await keys.LookBehindAsync(i + 1);
            looks[i] = clock.GetElapsedTime(from).TotalMicroseconds;
            from = clock.GetTimestamp();
            await keys.ReadLastAsync(i + 50, lines: 100);
            loads[i] = clock.GetElapsedTime(from).TotalMicroseconds;
        }

        Array.Sort(looks);
        Array.Sort(loads);
        return string.Create(CultureInfo.InvariantCulture,
            $"a look behind the end after an append: p50 {looks[Reads / 2]:F0} µs, p99 {looks[Reads * 99 / 100]:F0}; the last 100 lines: p50 {loads[Reads / 2]:F0} µs, p99 {loads[Reads * 99 / 100]:F0}");
    }

    private static (long Bytes, long Calls) Written()
    {
        var io = File.ReadAllLines("/proc/self/io").Select(static line => line.Split(": ")).ToDictionary(static pair => pair[0], static pair => long.Parse(pair[1], CultureInfo.InvariantCulture));
        return (io["wchar"], io["syscw"]);
    }

    private sealed class Appended(SqliteLedgerStore store, byte[][] line, int keys)
    {
        private readonly LedgerPosition[] _positions = new LedgerPosition[keys];
        private readonly string[] _names = [.. Enumerable.Range(0, keys).Select(static i => $"key_01kbr{i:D17}")];

        /// <summary>To so many keys at once, the next ones in turn.</summary>
        public Task AppendAsync(int from, int count) => Task.WhenAll(Enumerable.Range(from, count).Select(i => AppendAsync(i % keys)));

        public Task<IReadOnlyList<byte[]>> LookBehindAsync(int key) => store.ReadAsync(_names[key % keys], _positions[key % keys].Offset + 1, 1, CancellationToken.None);

        public Task<IReadOnlyList<byte[]>> ReadLastAsync(int key, int lines) => store.ReadAsync(_names[key % keys], _positions[key % keys].Offset - lines + 1, lines, CancellationToken.None);

        private async Task AppendAsync(int key) => _positions[key] = await store.AppendAsync(_names[key], _positions[key], line, CancellationToken.None);
    }
}
