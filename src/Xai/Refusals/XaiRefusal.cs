using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Refusals;

/// <summary>
/// What xAI said instead of an answer. It decides nothing about money or about our own answer; it says what is known.
/// </summary>
/// <param name="Kind">Why.</param>
/// <param name="IsReadable">
/// True when xAI itself is known to have refused the request: an error in JSON, or any 4xx (but a 408 or 499 without JSON, which a proxy writes when it
/// stops waiting). A 5xx proves it only as a JSON object with <c>error</c> or <c>code</c>. For a frame of a stream it says only that xAI
/// reported the failure itself; part of an answer may have been made before it.
/// </param>
/// <param name="Retryable">True only for xAI's own JSON "at capacity" answer without a cost, and never for a frame of a stream that has begun.</param>
/// <param name="Cost">The cost that the refusal reports all the same, as moderated images do; mostly missing.</param>
/// <param name="Code">xAI's own <c>code</c>, for logs; not stable (section 1.3). Null when there is none.</param>
/// <param name="Message">xAI's text: one line of at most <see cref="MaxMessageLength"/> characters without ids, keys or HTML. Null when there is none to show.</param>
public readonly record struct XaiRefusal(RefusalKind Kind, bool IsReadable, bool Retryable, ReportedCost Cost, string? Code, string? Message)
{
    /// <summary>The longest <see cref="Message"/>, in UTF-16 characters.</summary>
    public const int MaxMessageLength = RefusalText.MaxLength;

    /// <summary>
    /// True where xAI refused what it had made, an image or a video, and not the request for it. Such a result is billed (section 1.4), whether or not the refusal says so.
    /// </summary>
    public bool IsOfResult { get; private init; }

    /// <summary>
    /// Reads an answer that is not the one asked for: any status but 2xx, and also a 2xx in JSON where a stream was asked for (section 1.3, no. 7).
    /// </summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The content type, if the answer has one. It is only used to know a page of HTML: JSON is known by reading it.</param>
    /// <param name="body">The body, whole or as much as came of it.</param>
    public static XaiRefusal Read(int status, string? contentType, ReadOnlySpan<byte> body)
    {
        var isJson = ErrorEnvelope.TryRead(body, out var envelope);
        var isOfTheEdge = !isJson && RefusalText.IsOfTheEdge(contentType, body);
        var isReadable = isJson || status is >= 400 and < 500 and not (408 or 499);
        var kind = !isReadable ? RefusalKind.Unreadable
            : isOfTheEdge ? RefusalRules.OfTheEdge(status)
            : RefusalRules.Of(status, envelope.Code, envelope.Text, isJson);
        var retryable = kind == RefusalKind.AtCapacity && envelope.Usage.Cost.Kind == ReportedCostKind.Missing;
        var message = isJson ? RefusalText.Clean(envelope.Text) : isOfTheEdge ? null : RefusalText.OfPlainText(body);
        return new XaiRefusal(kind, isReadable, retryable, envelope.Usage.Cost, RefusalText.Clean(envelope.Code), message)
        {
            IsOfResult = kind == RefusalKind.ContentModerated && RefusalRules.IsOfResult(envelope.Code, envelope.Text ?? ""),
        };
    }

    /// <summary>
    /// Reads the data of an error in a stream: <c>{"type":"error","code","message"}</c>, the bare <c>{"code","error"}</c>, or a <c>response.failed</c>
    /// with the error in its response (section 3.7). There is no status to go by, so code and text decide.
    /// </summary>
    /// <param name="data">The frame's data.</param>
    public static XaiRefusal ReadEvent(ReadOnlySpan<byte> data)
    {
        var isJson = ErrorEnvelope.TryReadEvent(data, out var envelope);
        var kind = isJson ? RefusalRules.Of(RefusalRules.NoStatus, envelope.Code, envelope.Text, isJson: true) : RefusalKind.Unreadable;
        return new XaiRefusal(kind, isJson, Retryable: false, envelope.Usage.Cost, RefusalText.Clean(envelope.Code), RefusalText.Clean(envelope.Text));
    }
}
