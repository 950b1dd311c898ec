namespace LlmTr.Xai.Video;

/// <summary>xAI's video routes, as far as a job needs them.</summary>
public interface IXaiVideos
{
    /// <summary>Starts a video: one POST, sent at most once. xAI has no idempotency keys, so a second one would be a second bill.</summary>
    /// <param name="order">What to make.</param>
    /// <param name="image">The UTF-8 text of the image's data URI, where the order names one in the media store; empty otherwise.</param>
    /// <param name="limit">The longest time from here to the end of the answer.</param>
    /// <returns>How it ended. Never throws for anything that happens on the wire.</returns>
    Task<VideoStart> StartAsync(VideoOrder order, ReadOnlyMemory<byte> image, TimeSpan limit);

    /// <summary>Looks how a video stands. Costs nothing and may be repeated.</summary>
    /// <param name="requestId">xAI's id.</param>
    /// <param name="limit">The longest time from here to the end of the answer.</param>
    /// <returns>What xAI says. Never throws for anything that happens on the wire.</returns>
    Task<VideoPoll> PollAsync(string requestId, TimeSpan limit);
}
