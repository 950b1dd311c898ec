using System.Collections.Concurrent;
using LlmTr.Bench.Contenders;

namespace LlmTr.Bench.Loads;

/// <summary>Streams of 200 events, 20 ms apart, a few at a time.</summary>
internal static class EventStreams
{
    private const int AtOnce = 16;

    /// <summary>So many times <see cref="AtOnce"/> streams.</summary>
    /// <exception cref="BenchException">A stream failed or lost an event.</exception>
    public static async Task<EventStreamsResult> RunAsync(Contender contender, int rounds, CancellationToken cancellation)
    {
        using var http = Client.For(contender);
        var (firstBytes, delays) = (new ConcurrentBag<TimeSpan>(), new ConcurrentBag<TimeSpan>());
        var before = contender.Use();

        async Task ReadAsync(int number)
        {
            // Not all in the same millisecond.
            await Task.Delay(TimeSpan.FromMilliseconds(23 * number), cancellation);
            for (var round = 0; round < rounds; round++)
            {
                var stream = await StreamReading.OfAsync(http, contender, contender.Keys[(number + (round * AtOnce)) % contender.Keys.Count], delays, cancellation);
                firstBytes.Add(stream);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(ReadAsync));
        var cpu = contender.Use().Cpu - before.Cpu;
        return new EventStreamsResult
        {
            FirstByte = LatencyResult.Of(firstBytes),
            Delay = LatencyResult.Of(delays),
            CpuMicrosecondsPerEvent = cpu.TotalMicroseconds / (AtOnce * rounds * StreamReading.Events),
        };
    }
}
