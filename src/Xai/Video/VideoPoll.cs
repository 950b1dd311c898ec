using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Video;

/// <summary>What xAI says when it is asked how a video stands (xAI contract, section 6.2).</summary>
public enum VideoPollKind
{
    /// <summary>
    /// Nothing that says anything about the video: no answer, 5xx, 429, a page of the edge, a body that cannot be read, a request timeout of a proxy.
    /// </summary>
    NoAnswer,

    /// <summary>The platform's key is refused or its credits are gone: about the operator, not about the video.</summary>
    PlatformFault,

    /// <summary>It is being made; also a status that nobody knows, since new words for "not yet" are likelier than new words for "over".</summary>
    Pending,

    /// <summary>It is done; with or without a URL.</summary>
    Done,

    /// <summary>xAI failed at it and says so.</summary>
    Failed,

    /// <summary>xAI has given it up, or its result is gone.</summary>
    Expired,

    /// <summary>xAI refuses the result for what it shows.</summary>
    Moderated,

    /// <summary>xAI does not know the id, or refuses the question with another 4xx. Seen for a moment right after the start.</summary>
    Unknown,
}

/// <summary>One look at a video.</summary>
public readonly record struct VideoPoll
{
    /// <summary>What xAI says.</summary>
    public required VideoPollKind Kind { get; init; }

    /// <summary>Percent, 0 to 100; null where it is not told.</summary>
    public int? Progress { get; init; }

    /// <summary>Where the file is; null where there is none.</summary>
    public string? Url { get; init; }

    /// <summary>Seconds of the video that was made; null where it is not told.</summary>
    public int? Seconds { get; init; }

    /// <summary>What xAI says it cost.</summary>
    public ReportedCost Cost { get; init; }

    /// <summary>xAI's own word for an error; null without one.</summary>
    public string? Code { get; init; }

    /// <summary>xAI's text, fit to be shown; null without one.</summary>
    public string? Message { get; init; }

    /// <summary>The HTTP status; 0 where nothing came.</summary>
    public int Status { get; init; }

    /// <summary>Nothing came back.</summary>
    public static VideoPoll Unanswered { get; } = new() { Kind = VideoPollKind.NoAnswer };

    /// <summary>Reads an answer.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The media type, if there is one.</param>
    /// <param name="body">What came of the body.</param>
    /// <param name="isWhole">True when the body came to its end; half an answer says nothing.</param>
    public static VideoPoll Read(int status, string? contentType, ReadOnlySpan<byte> body, bool isWhole)
    {
        if (!isWhole)
            return Unanswered with { Status = status };
        if (status is >= 200 and < 300)
            return VideoObject.Read(status, body);

        var refusal = XaiRefusal.Read(status, contentType, body);
        return new VideoPoll
        {
            Kind = KindOf(refusal, status),
            Cost = refusal.Cost,
            Code = refusal.Code,
            Message = refusal.Message,
            Status = status,
        };
    }

    private static VideoPollKind KindOf(XaiRefusal refusal, int status) => refusal.Kind switch
    {
        RefusalKind.ContentModerated => VideoPollKind.Moderated,
        RefusalKind.PlatformKeyRefused or RefusalKind.OutOfCredits => VideoPollKind.PlatformFault,
        _ when status is 408 or 429 or >= 500 => VideoPollKind.NoAnswer,

        // A page of the edge or a redirect is not xAI's word about the video.
        RefusalKind.Unreadable or RefusalKind.Unexpected or RefusalKind.AtCapacity => VideoPollKind.NoAnswer,
        _ => VideoPollKind.Unknown,
    };
}
