namespace LlmTr.Xai.Wire;

/// <summary>How far a request came. It decides about money, so it is proved, not guessed from an exception.</summary>
public enum XaiOutcome
{
    /// <summary>
    /// xAI cannot have served the request: its body was never begun. The connection was not made (name, refusal, TLS, connect timeout), or the caller
    /// gave up before one was there.
    /// </summary>
    NeverSent,

    /// <summary>Some or all of the request may have left, and no answer's headers came back. Whether xAI served and billed it is not known.</summary>
    Unanswered,

    /// <summary>Status and headers of an answer came; its body is still to be read.</summary>
    Answered,
}

/// <summary>What stood in the way of an answer.</summary>
public enum WireFailure
{
    /// <summary>Nothing: there is an answer.</summary>
    None,

    /// <summary>The caller's own token was cancelled: its time limit, its client's leaving, a shutdown.</summary>
    Aborted,

    /// <summary>The host's name could not be resolved.</summary>
    NameNotResolved,

    /// <summary>The host refused the connection or could not be reached.</summary>
    NotConnected,

    /// <summary>The connection did not come about in <see cref="XaiOptions.ConnectTimeoutSeconds"/>.</summary>
    ConnectTimeout,

    /// <summary>The TLS handshake failed.</summary>
    TlsFailed,

    /// <summary>The connection was reset or closed before an answer's headers had come.</summary>
    ConnectionLost,

    /// <summary>What came back is no HTTP, or its headers are larger than allowed.</summary>
    NotHttp,

    /// <summary>Anything else; <see cref="XaiReply.Error"/> says what.</summary>
    Other,
}

/// <summary>The end of one POST to xAI. Dispose it when the answer has been read: that frees or closes the connection.</summary>
public sealed class XaiReply : IDisposable
{
    private readonly HttpRequestMessage _request;

    internal XaiReply(HttpRequestMessage request, HttpResponseMessage response)
    {
        _request = request;
        Outcome = XaiOutcome.Answered;
        Response = response;
    }

    internal XaiReply(HttpRequestMessage request, XaiOutcome outcome, WireFailure failure, Exception error)
    {
        _request = request;
        Outcome = outcome;
        Failure = failure;
        Error = error;
    }

    /// <summary>How far the request came.</summary>
    public XaiOutcome Outcome { get; }

    /// <summary>The answer; not null exactly when <see cref="Outcome"/> is <see cref="XaiOutcome.Answered"/>. Its status may be any.</summary>
    public HttpResponseMessage? Response { get; }

    /// <summary>What stood in the way; <see cref="WireFailure.None"/> exactly when there is an answer.</summary>
    public WireFailure Failure { get; }

    /// <summary>True when the caller's own token ended the request.</summary>
    public bool AbortedByCaller => Failure == WireFailure.Aborted;

    /// <summary>The exception behind <see cref="Failure"/>, for logs; null when there is an answer. It holds neither key nor body.</summary>
    public Exception? Error { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Response?.Dispose();
        _request.Dispose();
    }
}
