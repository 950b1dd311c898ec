using System.Buffers.Text;
using System.Collections.Concurrent;
using LlmTr.Bench.Contenders;

namespace LlmTr.Bench.Loads;

/// <summary>One stream, read as it comes.</summary>
internal static class StreamReading
{
    /// <summary>How many events the upstream sends; 195 of them carry the time at which they were written.</summary>
    public const int Events = 200;

    private const int Stamped = 195;
    private const int StampLength = 20;

    private static ReadOnlySpan<byte> BeforeStamp => "\"delta\":\""u8;

    // The last event: without it the answer was cut short, or ended in an error.
    private static ReadOnlySpan<byte> Completed => "\"type\":\"response.completed\""u8;

    /// <summary>Reads one to its end, adds each event's delay, and returns the time to its first byte.</summary>
    public static async Task<TimeSpan> OfAsync(HttpClient http, Contender contender, string key, ConcurrentBag<TimeSpan> delays, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        using var request = Client.Post(contender, key, Requests.Streamed);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"{contender.Name} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");

        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[64 * 1024];
        var (held, seen) = (0, 0);
        var isCompleted = false;
        TimeSpan? firstByte = null;
        while (true)
        {
            var read = await body.ReadAsync(buffer.AsMemory(held), cancellation);
            if (read == 0)
                break;
            var now = clock.GetTimestamp();
            firstByte ??= clock.GetElapsedTime(began, now);
            held += read;
            isCompleted |= buffer.AsSpan(0, held).IndexOf(Completed) >= 0;
            var used = Scan(buffer.AsSpan(0, held), now, delays, ref seen);
            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
        }
        return (seen, isCompleted, firstByte) switch
        {
            (Stamped, true, { } first) => first,
            (Stamped, _, _) => throw new BenchException($"{contender.Name}: a stream ended without response.completed."),
            _ => throw new BenchException($"{contender.Name}: a stream had {seen} stamped events and not {Stamped}."),
        };
    }

    // Returns how much will not be needed any more.
    private static int Scan(ReadOnlySpan<byte> bytes, long now, ConcurrentBag<TimeSpan> delays, ref int seen)
    {
        var used = 0;
        while (bytes[used..].IndexOf(BeforeStamp) is >= 0 and var at && bytes.Length - used - at >= BeforeStamp.Length + StampLength)
        {
            used += at + BeforeStamp.Length;
            if (!Utf8Parser.TryParse(bytes.Slice(used, StampLength), out long stamp, out _))
                throw new BenchException("An event came changed.");
            delays.Add(TimeProvider.System.GetElapsedTime(stamp, now));
            used += StampLength;
            seen++;
        }
        // What may be the beginning of a stamp, or of the end, is kept.
        return bytes[used..].IndexOf(BeforeStamp) is >= 0 and var begun ? used + begun : Math.Max(used, bytes.Length - Completed.Length);
    }
}
