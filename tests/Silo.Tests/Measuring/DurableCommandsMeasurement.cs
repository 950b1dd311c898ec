using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Money;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Ledgers;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmTr.Silo.Tests.Measuring;

/// <summary>
/// How many requests a second the accounts take, hold and settlement both durable on SQLite, without Orleans in between. No test: figures depend
/// on the machine and its disk.
/// </summary>
internal static class DurableCommandsMeasurement
{
    private static readonly SecretHash Secret = SecretHash.Of("secret"u8);

    public static async Task<int> RunAsync(TextWriter output)
    {
        // The first is for the compiler only.
        foreach (var (keys, callers, pairs) in new[] { (1, 64, 4_000), (1, 1, 3_000), (1, 16, 20_000), (1, 256, 40_000), (1, 1024, 60_000), (1000, 1, 60_000), (1000, 4, 120_000) })
            output.WriteLine(await MeasureAsync(keys, callers, pairs));
        return 0;
    }

    private static async Task<string> MeasureAsync(int keys, int callersPerKey, int pairs)
    {
        using var temporary = new TemporaryFolder();
        using var folder = temporary.Open();
        using var store = new SqliteLedgerStore(folder);
        var counted = new FaultyLedgerStore(store);
        var accounts = Enumerable.Range(0, keys).Select(i => new Key($"key{i}", counted)).ToArray();
        await Task.WhenAll(accounts.Select(static key => key.IssueAsync()));

        var (appends, lines, transactions) = (counted.Appends, counted.Lines, store.Transactions);
        var pairsPerCaller = Math.Max(1, pairs / (keys * callersPerKey));
        var (start, cpu) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(accounts.SelectMany(key => Enumerable.Range(0, callersPerKey).Select(_ => key.HoldAndSettleAsync(pairsPerCaller))));
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;

        var done = pairsPerCaller * keys * callersPerKey;
        (appends, lines, transactions) = (counted.Appends - appends, counted.Lines - lines, store.Transactions - transactions);
        return FormattableString.Invariant(
            $"{keys,5} keys, {callersPerKey,5} callers each: {done / seconds,8:F0} hold+settle pairs/s ({seconds:F1} s, {cpu.TotalMicroseconds / done:F1} CPU microseconds each); lines per append {(double)lines / appends:F1}, appends per transaction {(double)appends / transactions:F1}, transactions/s {transactions / seconds:F0}");
    }

    /// <summary>An account on a scheduler of its own that runs one thing at a time, as a grain has.</summary>
    private sealed class Key(string name, ILedgerStore store)
    {
        private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        private readonly DurableAccount _account = new(name, store, TimeProvider.System, new AccountOptions(), NullLogger.Instance);

        public Task IssueAsync() => OnTurnsAsync(() => _account.Execute(
            new IssueKey { Secret = Secret, Prefix = "llmtr-abcdef", Label = "measured", Credit = UsdTicks.FromUsd(1_000_000), Actor = "measurement" },
            static (account, command, now, entries) => account.Issue(command, now, entries)));

        public Task HoldAndSettleAsync(int times) => OnTurnsAsync(async () =>
        {
            for (var i = 0; i < times; i++)
            {
                var id = RequestId.New(TimeProvider.System);
                var held = await _account.Execute(
                    new PlaceHold
                    {
                        Id = id,
                        Secret = Secret,
                        Least = new UsdTicks(1_000),
                        Most = new UsdTicks(100_000),
                        AvailableDivisor = 4,
                        Lifetime = TimeSpan.FromMinutes(65),
                        Model = "xai/grok-4.3",
                        Endpoint = "/v1/responses",
                    },
                    static (account, command, now, entries) => account.PlaceHold(command, now, entries));
                if (held.Outcome != PlaceHoldOutcome.Granted)
                    throw new InvalidOperationException($"The hold was not granted: {held.Outcome}.");
                var settled = await _account.Execute(
                    new Settle
                    {
                        Id = id,
                        Cost = new UsdTicks(54_321),
                        Source = CostSource.Provider,
                        Facts = new RequestFacts { InputTokens = 1234, CachedTokens = 1000, OutputTokens = 567, ReasoningTokens = 89, StatusCode = 200, LatencyMs = 2345 },
                    },
                    static (account, command, now, entries) => account.Settle(command, now, entries));
                if (settled.Outcome != SettleOutcome.Settled)
                    throw new InvalidOperationException($"The hold was not settled: {settled.Outcome}.");
            }
        });

        private Task OnTurnsAsync(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _turns).Unwrap();
    }
}
