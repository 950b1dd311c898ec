using System.Collections.Concurrent;
using LlmTr.Bench.Contenders;

namespace LlmTr.Bench.Loads;

/// <summary>
/// Requests at a fixed rate, whatever becomes of those before. Each is measured from the time at which it was meant to be sent, so that a pause is seen by all whom it
/// would have kept waiting.
/// </summary>
internal static class OpenLoop
{
    /// <summary>The rate at which contenders are compared.</summary>
    public const int RequestsPerSecond = 200;

    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(2);

    /// <summary>The keys in turn, all of them together.</summary>
    /// <exception cref="BenchException">A request failed.</exception>
    public static async Task<FixedRateResult> RunAsync(Contender contender, IReadOnlyList<string> keys, TimeSpan duration, CancellationToken cancellation)
    {
        var before = contender.Use();
        var times = await TimesAsync(contender, keys, duration, RequestsPerSecond, cancellation);
        var cpu = contender.Use().Cpu - before.Cpu;
        return new FixedRateResult(LatencyResult.Of(times.Select(static one => one.Took)), cpu.TotalMicroseconds / ((_warmUp + duration).TotalSeconds * RequestsPerSecond));
    }

    /// <summary>The keys in turn, each by itself: whatever else happens on the machine meets all of them alike.</summary>
    /// <exception cref="BenchException">A request failed.</exception>
    public static async Task<LatencyResult[]> EachAsync(
        Contender contender, IReadOnlyList<string> keys, TimeSpan duration, int requestsPerSecondEach, CancellationToken cancellation)
    {
        var times = await TimesAsync(contender, keys, duration, requestsPerSecondEach * keys.Count, cancellation);
        return [.. keys.Select(key => LatencyResult.Of(times.Where(one => one.Key == key).Select(static one => one.Took)))];
    }

    private static async Task<IReadOnlyCollection<(string Key, TimeSpan Took)>> TimesAsync(
        Contender contender, IReadOnlyList<string> keys, TimeSpan duration, int requestsPerSecond, CancellationToken cancellation)
    {
        using var http = Client.For(contender);
        var clock = TimeProvider.System;
        var times = new ConcurrentBag<(string Key, TimeSpan Took)>();

        async Task SendAsync(long began, TimeSpan meant, string key)
        {
            using var request = Client.Post(contender, key, Requests.Small);
            using var answer = await http.SendAsync(request, cancellation);
            if (meant >= _warmUp)
                times.Add((key, clock.GetElapsedTime(began) - meant));
            if (!answer.IsSuccessStatusCode)
                throw new BenchException($"{contender.Name} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }

        // A timer of .NET is late by up to some milliseconds, more than what is measured: hence a thread that waits for each time by itself.
        var sent = new TaskCompletionSource<List<Task>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sender = new Thread(() =>
        {
            var underWay = new List<Task>();
            var (began, between) = (clock.GetTimestamp(), TimeSpan.FromSeconds(1) / requestsPerSecond);
            for (var number = 0; number * between < _warmUp + duration && !cancellation.IsCancellationRequested; number++)
            {
                Await(clock, began, number * between);
                underWay.Add(SendAsync(began, number * between, keys[number % keys.Count]));
            }
            sent.SetResult(underWay);
        });
        sender.Start();
        await Task.WhenAll(await sent.Task);
        cancellation.ThrowIfCancellationRequested();
        return times;
    }

    private static void Await(TimeProvider clock, long began, TimeSpan meant)
    {
        while (meant - clock.GetElapsedTime(began) is { Ticks: > 0 } left)
        {
            if (left > TimeSpan.FromMilliseconds(1.5))
                Thread.Sleep((int)(left.TotalMilliseconds - 0.5));
            else
                Thread.Yield();
        }
    }
}
