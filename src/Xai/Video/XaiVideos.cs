using LlmTr.Xai.Wire;

namespace LlmTr.Xai.Video;

/// <summary>xAI's video routes over HTTP.</summary>
/// <param name="xai">The way to xAI.</param>
/// <param name="clock">For the time limits.</param>
public sealed class XaiVideos(XaiClient xai, TimeProvider clock) : IXaiVideos
{
    // A status, a URL, an error text: kilobytes at most.
    private const int MostAnswerBytes = 256 * 1024;

    /// <inheritdoc/>
    public async Task<VideoStart> StartAsync(VideoOrder order, ReadOnlyMemory<byte> image, TimeSpan limit)
    {
        using var abort = new CancellationTokenSource(limit, clock);
        using var reply = await xai.PostAsync("/videos/generations", VideoStartBody.Write(order, image.Span), "application/json", abort.Token);
        if (reply.Response is not { } response)
            return reply.Outcome == XaiOutcome.NeverSent ? VideoStart.NeverSent : VideoStart.Unanswered;
        using var body = await BodyAsync(response, abort.Token);
        return body is null
            ? VideoStart.Unanswered
            : VideoStart.Read((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body.Memory.Span, body.End == BodyEnd.Complete);
    }

    /// <inheritdoc/>
    public async Task<VideoPoll> PollAsync(string requestId, TimeSpan limit)
    {
        using var abort = new CancellationTokenSource(limit, clock);
        using var reply = await xai.GetAsync($"/videos/{Uri.EscapeDataString(requestId)}", abort.Token);
        if (reply.Response is not { } response)
            return VideoPoll.Unanswered;
        using var body = await BodyAsync(response, abort.Token);
        return body is null
            ? VideoPoll.Unanswered
            : VideoPoll.Read((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body.Memory.Span, body.End == BodyEnd.Complete);
    }

    // Null when not even its stream could be had: the connection went in that moment.
    private static async Task<BoundedBody?> BodyAsync(HttpResponseMessage response, CancellationToken abort)
    {
        try
        {
            return await BoundedBody.ReadAsync(await response.Content.ReadAsStreamAsync(abort), MostAnswerBytes, abort);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
