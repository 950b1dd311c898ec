using System.Collections.Concurrent;
using System.Net.Http.Headers;
using LlmTr.Bench.Contenders;

namespace LlmTr.Bench.Loads;

/// <summary>
/// Requests at a fixed rate, whatever becomes of those before. Each is measured from the time at which it was meant to be sent, so that a pause is seen by all whom it
/// would have kept waiting.
/// </summary>
internal static class OpenLoop
{
    public const int RequestsPerSecond = 200;

    /// <exception cref="BenchException">A request failed.</exception>
    public static async Task<LatencyResult> RunAsync(Contender contender, IReadOnlyList<string> keys, TimeSpan duration, CancellationToken cancellation)
    {
        using var http = Client.For(contender);
        var clock = TimeProvider.System;
        var between = TimeSpan.FromSeconds(1) / RequestsPerSecond;
        var took = new ConcurrentBag<TimeSpan>();
        var underWay = new List<Task>();
        var began = clock.GetTimestamp();

        async Task SendAsync(TimeSpan meant, string key)
        {
            using var request = Client.Post(contender, key, Requests.Small);
            using var answer = await http.SendAsync(request, cancellation);
            took.Add(clock.GetElapsedTime(began) - meant);
            if (!answer.IsSuccessStatusCode)
                throw new BenchException($"{contender.Name} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }

        for (var number = 0; number * between < duration; number++)
        {
            var meant = number * between;
            while (clock.GetElapsedTime(began) < meant)
                await Task.Delay(TimeSpan.FromMilliseconds(1), cancellation);
            underWay.Add(SendAsync(meant, keys[number % keys.Count]));
        }
        await Task.WhenAll(underWay);
        return LatencyResult.Of(took);
    }
}
