using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace LlmTr.Simulation.Tests;

/// <summary>
/// The accounts under simulation. <c>SEEDS=</c> says how many seeds to run, <c>SEED=</c> replays one; docs/testing.md tells what is simulated.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int SeedsByDefault = 2000;

    // Without these a green run would say little; with this many seeds each comes up often.
    private static readonly string[] MustComeUp =
    [
        "activation saw another writer and left", "append landed after its caller gave up", "append of many entries", "append refused by the fence",
        "account dropped or not loaded: IOException", "account dropped or not loaded: LedgerConflictException", "account dropped or not loaded: TimeoutException",
        "silo crashed", "front end crashed", "entry HoldExpired", "entry HoldReleased before its hold", "entry HoldSettled of a case", "entry Overrun", "entry Unreconciled",
        "answer PlaceHold Ended", "answer PlaceHold InsufficientBalance", "answer PlaceHold TooOld", "answer PlaceHold Unauthenticated",
        "snapshot loaded", "old snapshot loaded", "snapshot passed over", "damaged snapshot loaded", "snapshot of another history loaded", "snapshot not saved",
        "snapshot landed over a newer one", "snapshot of a ledger that has grown since",
        "entry Debited", "entry KeyRotated", "entry KeyRevoked", "entry LimitsChanged", "entry HoldReleased, a case waived", "entry HoldSettled of a case by an operator",
        "entry HoldSettled of a revoked key", "answer Debit Conflict", "answer Debit InsufficientBalance", "answer ResolveCase Conflict", "answer ResolveCase UnknownCase",
        "answer PlaceHold BudgetExceeded", "answer PlaceHold IdempotencyConflict", "answer PlaceHold IdempotentRepeat", "answer PlaceHold KeyDisabled", "answer PlaceHold KeyExpired",
        "answer PlaceHold ModelNotAllowed", "answer PlaceHold RateLimited MaxConcurrent", "answer PlaceHold RateLimited RequestsPerMinute", "answer PlaceHold RateLimited TokensPerMinute",
        "answer Credit Conflict", "answer Release Unreconciled", "answer Release UnknownHold", "blob sealed", "blob to be made that is there",
    ];

    [Fact]
    public void EverySeed_KeepsEveryInvariant()
    {
        if (Number("SEED") is { } only)
        {
            var result = Simulation.Run(only, keepsStory: true);
            foreach (var line in result.Findings.Story)
                output.WriteLine(line);
            output.WriteLine(Describe(only, result));
            result.Findings.Invariant.Should().BeNull("{0}", Describe(only, result));
            return;
        }

        var seeds = Number("SEEDS") ?? SeedsByDefault;
        var began = Stopwatch.GetTimestamp();
        long done = 0, turns = 0, entries = 0, failed = 0;
        var firstFailure = ulong.MaxValue;
        var seen = new SortedDictionary<string, long>(StringComparer.Ordinal);
        Parallel.For(1L, (long)seeds + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            var result = Simulation.Run((ulong)seed);
            Interlocked.Increment(ref done);
            Interlocked.Add(ref turns, result.Turns);
            Interlocked.Add(ref entries, result.Entries);
            lock (seen)
            {
                foreach (var (what, times) in result.Findings.Seen)
                    seen[what] = seen.GetValueOrDefault(what) + times;
                if (result.Findings.Invariant is null)
                    return;
                failed++;
                if (firstFailure > (ulong)seed)
                    firstFailure = (ulong)seed;
            }

            loop.Break();
        });

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{done} seeds ran in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s: {turns} turns, {entries} ledger entries, {failed} seeds failed."));
        foreach (var (what, times) in seen)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times,9} x {what}"));
        if (firstFailure != ulong.MaxValue)
            Assert.Fail(Describe(firstFailure, Simulation.Run(firstFailure)));
        if (seeds >= SeedsByDefault)
            seen.Keys.Should().Contain(MustComeUp);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1234)]
    public void SameSeed_SameTrace(ulong seed)
    {
        var first = Simulation.Run(seed);
        var second = Simulation.Run(seed);

        second.Trace.Should().Be(first.Trace);
        Simulation.Run(seed + 1).Trace.Should().NotBe(first.Trace);
    }

    private static string Describe(ulong seed, RunResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"SEED={seed} (trace {result.Trace:x16}, {result.Turns} turns, {result.Entries} entries): {(result.Findings.Invariant is { } law ? $"broken: {law}. {result.Findings.Detail}" : "every invariant held")}");

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
