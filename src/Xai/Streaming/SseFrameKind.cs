namespace LlmTr.Xai.Streaming;

/// <summary>What a frame of a <c>/v1/responses</c> stream means to the gateway (xAI contract, section 3.7).</summary>
public enum SseFrameKind
{
    /// <summary>Anything else, unknown events too: forwarded as it is. Also a named event without data, which no client sees.</summary>
    Other,

    /// <summary>A piece of the answer: any event whose name ends in <c>.delta</c>.</summary>
    Delta,

    /// <summary><c>response.created</c>, <c>response.in_progress</c> or <c>response.queued</c>: carries the response object, with <c>model</c>, without usage.</summary>
    ResponseSnapshot,

    /// <summary><c>response.completed</c>, or a <c>response.done</c> that carries usage: the whole answer and its cost.</summary>
    Completed,

    /// <summary><c>response.incomplete</c>: the answer ended early, with usage.</summary>
    Incomplete,

    /// <summary><c>response.failed</c>: the response object with its error, perhaps with usage.</summary>
    Failed,

    /// <summary>The event <c>error</c>, or data that is a bare error object: <c>{"type":"error",…}</c>, <c>{"code","error"}</c>.</summary>
    Error,

    /// <summary><c>data: [DONE]</c>. xAI was never seen to send it on this route, its documentation says that it does.</summary>
    Done,

    /// <summary>Nothing that a client would see as an event: only comments, or only blank lines.</summary>
    Comment,
}
