using System.IO.Pipelines;
using System.Text;

namespace LlmTr.XaiStreams;

/// <summary>
/// One streamed answer: 200 events, 20 ms apart, each delta stamped with the time at which it was written. A request whose body holds "HOLD" gets the first ten and then
/// silence for as long as it stays.
/// </summary>
internal static class EventStream
{
    public const int Events = 200;
    private const int EventsBeforeSilence = 10;
    private const int MostRequestBytes = 1 << 20;
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(20);

    public static async Task AnswerAsync(HttpContext http)
    {
        var cancellation = http.RequestAborted;
        var isHeld = await IsHeldAsync(http.Request.BodyReader, cancellation);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        try
        {
            using var pace = new PeriodicTimer(_interval);
            for (var number = 0; number < (isHeld ? EventsBeforeSilence : Events); number++)
            {
                EventFrames.Write(http.Response.BodyWriter, number, TimeProvider.System.GetTimestamp());
                await http.Response.BodyWriter.FlushAsync(cancellation);
                await pace.WaitForNextTickAsync(cancellation);
            }
            if (isHeld)
                await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The client has left.
        }
    }

    private static async Task<bool> IsHeldAsync(PipeReader body, CancellationToken cancellation)
    {
        var read = await body.ReadAtLeastAsync(MostRequestBytes, cancellation);
        var isHeld = Encoding.UTF8.GetString(read.Buffer).Contains("HOLD", StringComparison.Ordinal);
        body.AdvanceTo(read.Buffer.End);
        return isHeld;
    }
}
