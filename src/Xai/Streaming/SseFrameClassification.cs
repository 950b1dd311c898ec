using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Streaming;

/// <summary>Tells what a frame is: by its <c>event:</c> line, or without a telling one by the <c>type</c> in its data.</summary>
internal static class SseFrameClassification
{
    public static SseFrameKind Of(in SseFrame frame)
    {
        // A client is shown no event without data, whatever the event's name.
        if (frame.DataLength == 0)
            return SseFrameKind.Other;

        using var data = frame.ReadData();
        if (data.Span.SequenceEqual("[DONE]"u8))
            return SseFrameKind.Done;

        // "message" is what the standard calls an event without a name.
        var name = frame.EventName;
        if (!name.IsEmpty && !name.SequenceEqual("message"u8))
            return Named(name, frame);

        var isError = EventData.TryReadType(data.Span, out var type) == EventDataShape.BareError;
        return isError ? SseFrameKind.Error : Named(type, frame);
    }

    private static SseFrameKind Named(ReadOnlySpan<byte> name, in SseFrame frame) =>
        name.EndsWith(".delta"u8) ? SseFrameKind.Delta
        : name.SequenceEqual("response.created"u8) ? SseFrameKind.ResponseSnapshot
        : name.SequenceEqual("response.in_progress"u8) ? SseFrameKind.ResponseSnapshot
        : name.SequenceEqual("response.queued"u8) ? SseFrameKind.ResponseSnapshot
        : name.SequenceEqual("response.completed"u8) ? SseFrameKind.Completed
        : name.SequenceEqual("response.incomplete"u8) ? SseFrameKind.Incomplete
        : name.SequenceEqual("response.failed"u8) ? SseFrameKind.Failed
        : name.SequenceEqual("error"u8) ? SseFrameKind.Error
        : name.SequenceEqual("response.done"u8) && CarriesUsage(frame) ? SseFrameKind.Completed
        : SseFrameKind.Other;

    /// <summary>
    /// The contract (section 3.7) lists <c>response.done</c> among the events to accept, but nobody knows what it carries and whether it ends a stream.
    /// It is believed to be the end only where it reports usage: without usage it could take the place of a report that is still to come.
    /// </summary>
    private static bool CarriesUsage(in SseFrame frame) =>
        ResponseReading.TryReadFrame(frame, out var reading) && reading.Usage.IsPresent;
}
