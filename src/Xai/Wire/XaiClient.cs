using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace LlmTr.Xai.Wire;

/// <summary>
/// Sends POSTs to xAI over HTTP/1.1, each at most once, and tells how far each came; and GETs, which cost nothing and may be repeated. The headers are fixed: <c>Authorization</c> (when a key is configured),
/// <c>Accept</c>, <c>User-Agent</c>, <c>Content-Type</c>, and what HTTP itself needs (<c>Host</c>, <c>Content-Length</c> or <c>Transfer-Encoding</c>);
/// nothing of a customer's request passes through here but the body. One instance serves the whole process and any number of calls at once.
/// </summary>
public sealed class XaiClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly string _baseUrl;
    private readonly string? _authorization;

    /// <summary>Makes a client with a connection pool of its own.</summary>
    /// <exception cref="ArgumentException">The options have problems; the message is their sentences.</exception>
    public XaiClient(XaiOptions options)
    {
        var problems = options.FindProblems();
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(' ', problems), nameof(options));

        _invoker = new HttpMessageInvoker(XaiConnections.Create(options));
        _baseUrl = options.BaseUrl.TrimEnd('/');
        _authorization = string.IsNullOrEmpty(options.ApiKey) ? null : $"Bearer {options.ApiKey}";
    }

    /// <summary>The gateway's version: three numbers.</summary>
    public static string Version { get; } = typeof(XaiClient).Assembly.GetName().Version!.ToString(3);

    /// <summary>How the gateway names itself to xAI: <c>LlmTr.Orleans/</c> and its version.</summary>
    public static string UserAgent { get; } = $"LlmTr.Orleans/{Version}";

    /// <summary>The address in front of every path.</summary>
    public Uri BaseUrl => new(_baseUrl);

    /// <summary>Sends a body that is there in memory.</summary>
    /// <param name="path">The path after the base URL, beginning with a slash: <c>/responses</c>.</param>
    /// <param name="body">The body. It may be reused as soon as the task has ended.</param>
    /// <param name="contentType">The body's content type.</param>
    /// <param name="abort">Ends the wait for the answer's headers: the caller's first-byte limit, among others. It does not reach the answer's body.</param>
    /// <returns>How it ended. Never throws for anything that happens on the wire.</returns>
    /// <exception cref="ArgumentException">The path does not begin with a slash.</exception>
    /// <exception cref="FormatException">The content type is none.</exception>
    public Task<XaiReply> PostAsync(string path, ReadOnlyMemory<byte> body, string contentType, CancellationToken abort)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return PostAsync(path, content, abort);
    }

    /// <summary>Sends a body that is read while it is sent. Of the body's own headers only <c>Content-Type</c> goes along.</summary>
    /// <param name="path">The path after the base URL, beginning with a slash.</param>
    /// <param name="body">The body; it is disposed with the reply.</param>
    /// <param name="abort">As in the other overload.</param>
    /// <returns>How it ended. Never throws for anything that happens on the wire.</returns>
    /// <exception cref="ArgumentException">The path does not begin with a slash.</exception>
    public async Task<XaiReply> PostAsync(string path, HttpContent body, CancellationToken abort)
    {
        var content = new OneShotContent(body);
        var request = Request(HttpMethod.Post, path);
        request.Content = content;
        try
        {
            return new XaiReply(request, await _invoker.SendAsync(request, abort));
        }
        // Every exception, also one that nobody thought of: whether the request may have been sent must be known whatever happened, because a hold hangs on it.
        catch (Exception error)
        {
            var outcome = content.IsBegun ? XaiOutcome.Unanswered : XaiOutcome.NeverSent;
            return new XaiReply(request, outcome, FailureOf(error, content.IsBegun, abort), error);
        }
    }

    /// <summary>Asks for something that asking does not change, such as how a video job stands.</summary>
    /// <param name="path">The path after the base URL, beginning with a slash.</param>
    /// <param name="abort">Ends the wait for the answer's headers. It does not reach the answer's body.</param>
    /// <returns>How it ended: answered, or <see cref="XaiOutcome.Unanswered"/> whatever stood in the way. Never throws for anything that happens on the wire.</returns>
    /// <exception cref="ArgumentException">The path does not begin with a slash.</exception>
    public async Task<XaiReply> GetAsync(string path, CancellationToken abort)
    {
        var request = Request(HttpMethod.Get, path);
        try
        {
            return new XaiReply(request, await _invoker.SendAsync(request, abort));
        }
        catch (Exception error)
        {
            return new XaiReply(request, XaiOutcome.Unanswered, FailureOf(error, isBegun: false, abort), error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        if (!path.StartsWith('/'))
            throw new ArgumentException("A path at xAI begins with a slash.", nameof(path));
        var request = new HttpRequestMessage(method, new Uri(_baseUrl + path))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (_authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        return request;
    }

    private static WireFailure FailureOf(Exception error, bool isBegun, CancellationToken abort) => error switch
    {
        OperationCanceledException when abort.IsCancellationRequested => WireFailure.Aborted,
        // .NET cancels by itself only when it has waited for a connection as long as it may.
        OperationCanceledException or TimeoutException when !isBegun => WireFailure.ConnectTimeout,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => WireFailure.NameNotResolved,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => WireFailure.TlsFailed,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => WireFailure.NotConnected,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => WireFailure.NotHttp,
        HttpRequestException { InnerException: AuthenticationException } => WireFailure.TlsFailed,
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => WireFailure.ConnectionLost,
        HttpRequestException { InnerException: IOException } or IOException => WireFailure.ConnectionLost,
        _ => WireFailure.Other,
    };
}
