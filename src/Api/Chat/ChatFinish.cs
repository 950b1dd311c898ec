using LlmTr.Xai.Responses;

namespace LlmTr.Api.Chat;

/// <summary>Why an answer ended, as chat completions says it.</summary>
internal static class ChatFinish
{
    /// <summary>The finish reason.</summary>
    /// <param name="reading">The response, or what an event says of it.</param>
    /// <param name="hasCalls">True when the answer calls functions.</param>
    public static ReadOnlySpan<byte> Of(in ResponseReading reading, bool hasCalls) =>
        reading.Status != ResponseStatus.Incomplete ? hasCalls ? "tool_calls"u8 : "stop"u8
        // Whatever limit cut it (tokens or time): calls among it may be cut too, so they do not count as made.
        : reading.IncompleteReason == IncompleteReason.ContentFilter ? "content_filter"u8 : "length"u8;
}
