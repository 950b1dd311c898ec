using System.Net.Sockets;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Recording;
using LlmTr.XaiSimulator.Wire;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>Sends a reply at the pace and to the point that its behaviour wants.</summary>
internal sealed class Delivery(FrameSteps steps, TimeSpan pace, TimeProvider time)
{
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(5);

    /// <summary>Sends it, and tells how that ended.</summary>
    /// <exception cref="OperationCanceledException">The client left, or the simulator stops.</exception>
    public async Task<Outcome> SendAsync(HttpContext http, Reply reply, Behaviour behaviour, RecordedRequest request, CancellationToken cancellationToken)
    {
        var plan = WritePlan.Of(reply, behaviour);
        if (plan.HasHead)
            await WriteAsync(http.Response, reply, plan.Writes, behaviour, request, cancellationToken);

        switch (plan.End)
        {
            case PlannedEnd.Reset:
                http.Abort();
                return Outcome.Cut;
            case PlannedEnd.Close:
                await CloseAsync(http, cancellationToken);
                return Outcome.Cut;
            case PlannedEnd.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                return Outcome.Aborted;
            default:
                return reply.Status < 400 ? Outcome.Answered : Outcome.Refused;
        }
    }

    private async Task WriteAsync(
        HttpResponse response, Reply reply, IEnumerable<ReadOnlyMemory<byte>> writes, Behaviour behaviour, RecordedRequest request, CancellationToken cancellationToken)
    {
        ResponseHeaders.Apply(response, reply);
        await response.StartAsync(cancellationToken);
        await response.Body.FlushAsync(cancellationToken);

        // Media is never slow by itself: the pace of a demonstration is meant for words.
        var pause = reply.ContentType == Reply.EventStream ? behaviour.Pace ?? pace : reply.Parts is Pieces ? behaviour.Pace ?? TimeSpan.Zero : TimeSpan.Zero;
        foreach (var bytes in writes)
        {
            if (behaviour.Step)
                await steps.WaitAsync(cancellationToken);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time, cancellationToken);
            await response.Body.WriteAsync(bytes, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
            request.Sent(bytes.Length);
        }
    }

    /// <summary>
    /// Closes the sending side and waits for the client to close its own: a socket that is closed at once would send a reset, which can destroy what the
    /// client has not read yet, and then nobody knows how many frames it saw.
    /// </summary>
    private async Task CloseAsync(HttpContext http, CancellationToken cancellationToken)
    {
        http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Send);
        await Task.Delay(LongestGoodbye, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Abort();
    }
}
