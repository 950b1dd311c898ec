using System.Diagnostics;
using System.Net.Sockets;

namespace LlmTr.Cluster.Tests.Load;

/// <summary>
/// Sends requests to the front ends as a load balancer does: asks each every 500 ms whether it is ready, sends to those that are, in turn, and where a connection cannot be made tries the
/// next. What was sent is never sent again.
/// </summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    // So that no connection is kept to a front end that is being restarted.
    private static readonly TimeSpan KeepIdle = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over = new();
    private readonly Target[] _targets;
    private readonly Task _asking;
    private int _turn;

    public LoadBalancer(IEnumerable<Uri> frontEnds)
    {
        _targets = [.. frontEnds.Select(static url => new Target(url))];
        _asking = Task.WhenAll(_targets.Select(target => AskAsync(target, _over.Token)));
    }

    /// <summary>Sends a request to a front end that is ready; null when no connection could be made.</summary>
    /// <param name="make">Makes the request, once for each attempt to connect.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HttpRequestException">It was sent, and the connection broke.</exception>
    public async Task<HttpResponseMessage?> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        var first = Interlocked.Increment(ref _turn);
        for (var i = 0; i < _targets.Length; i++)
        {
            var target = _targets[(uint)(first + i) % (uint)_targets.Length];
            if (!target.IsReady)
                continue;
            try
            {
                using var request = make();
                return await target.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            }
            catch (HttpRequestException exception) when (exception is { HttpRequestError: HttpRequestError.ConnectionError, InnerException: SocketException })
            {
                target.IsReady = false;
            }
        }

        return null;
    }

    /// <summary>Completes when requests go to a front end again; at once for what is none.</summary>
    /// <exception cref="TimeoutException">It is not ready after half a minute.</exception>
    public async Task WaitUntilSendsToAsync(Uri url)
    {
        var target = _targets.SingleOrDefault(target => target.Http.BaseAddress == url);
        for (var began = Stopwatch.GetTimestamp(); target is { IsReady: false };)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(30))
                throw new TimeoutException($"The load balancer does not send to {url} again.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _asking;
        foreach (var target in _targets)
            target.Http.Dispose();
        _over.Dispose();
    }

    private static async Task AskAsync(Target target, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(over);
            limit.CancelAfter(AnswerWithin);
            try
            {
                using var answer = await target.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), limit.Token);
                target.IsReady = answer.IsSuccessStatusCode;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                target.IsReady = false;
            }

            await Task.Delay(AskEvery, over).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private sealed class Target(Uri url)
    {
        private volatile bool _isReady;

        public HttpClient Http { get; } = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = KeepIdle }) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };

        public bool IsReady
        {
            get => _isReady;
            set => _isReady = value;
        }
    }
}
