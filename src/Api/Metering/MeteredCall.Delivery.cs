using System.IO.Pipelines;

namespace LlmTr.Api.Metering;

/// <content>The client's part of a call: taking its answer, when the hold has ended.</content>
internal sealed partial class MeteredCall
{
    /// <summary>Sends what was written to the response.</summary>
    /// <returns>False when the client is gone, or did not take it in time and was cut off.</returns>
    public Task<bool> DeliverAsync() => IsTakenAsync(http.Response.BodyWriter.FlushAsync(http.RequestAborted), services.Calls.Cut);

    /// <summary>Sends one piece of an answer.</summary>
    /// <param name="piece">Its bytes.</param>
    /// <param name="limit">Ends the waiting early; without one only the end of a graceful shutdown does.</param>
    /// <returns>False when the client is gone, or did not take it in time and was cut off.</returns>
    public Task<bool> DeliverAsync(ReadOnlyMemory<byte> piece, CancellationToken? limit = null) =>
        IsTakenAsync(http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted), limit ?? services.Calls.Cut);

    // Half an answer must not look like a whole one. And a reader of a few bytes a second would keep the answer in memory, and one of the calls that the gateway admits, for as long as it likes.
    private async Task<bool> IsTakenAsync(ValueTask<FlushResult> sending, CancellationToken limit)
    {
        try
        {
            var result = sending.IsCompleted ? await sending : await sending.AsTask().WaitAsync(services.Options.ClientPatience, services.Clock, limit);
            return !result.IsCompleted && !ClientLeft;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or IOException)
        {
            http.Abort();
            return false;
        }
    }
}
