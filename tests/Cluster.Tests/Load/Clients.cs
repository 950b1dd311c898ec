using System.Text.Json;

namespace LlmTr.Cluster.Tests.Load;

/// <summary>
/// The customers and their operator: a bounded number of callers in closed loops. A request that was sent is not repeated, for that would be a second bill; credits and video jobs carry an
/// <c>Idempotency-Key</c> and are repeated with it until they are answered.
/// </summary>
internal sealed class Clients : IAsyncDisposable
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan BeforeRepeat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenPolls = TimeSpan.FromSeconds(1);

    // What the callers who are not bound to one key do, in turn.
    private static readonly CallKind[] Mix =
        [CallKind.Image, CallKind.Credit, CallKind.Speech, CallKind.Balance, CallKind.Video, CallKind.Transcription, CallKind.Credit, CallKind.Balance];

    private readonly LoadBalancer _balancer;
    private readonly CallLog _log;
    private readonly IReadOnlyList<CustomerKey> _keys;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _calling;

    /// <summary>Begins: one caller of texts and streams for each key, and some for everything else.</summary>
    public Clients(LoadBalancer balancer, CallLog log, IReadOnlyList<CustomerKey> keys, int others)
    {
        (_balancer, _log, _keys) = (balancer, log, keys);
        _calling = Task.WhenAll([.. keys.Select(AskAsync), .. Enumerable.Range(0, others).Select(MixAsync)]);
    }

    /// <summary>Sends nothing new; returns when all calls have ended and all video jobs are over.</summary>
    /// <exception cref="TimeoutException">A video job is not over after five minutes, far more than one takes.</exception>
    public async Task FinishAsync()
    {
        await _over.CancelAsync();
        await _calling.WaitAsync(TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        await FinishAsync();
        _over.Dispose();
    }

    private async Task AskAsync(CustomerKey key)
    {
        for (var i = 0; !_over.IsCancellationRequested; i++)
        {
            await CallAsync(i % 2 == 0 ? CallKind.Text : CallKind.Stream, key, Requests.NewNonce());
            await PauseAsync(BetweenCalls);
        }
    }

    private async Task MixAsync(int number)
    {
        for (var i = number; !_over.IsCancellationRequested; i++)
        {
            // Keys and kinds change at different paces, so that all meet.
            var key = _keys[i / Mix.Length % _keys.Count];
            var kind = Mix[i % Mix.Length];
            if (kind == CallKind.Video)
                await MakeVideoAsync(key);
            else if (kind == CallKind.Credit)
                await CreditAsync(key);
            else
                await CallAsync(kind, key, Requests.NewNonce());
            await PauseAsync(BetweenCalls);
        }
    }

    private async Task CreditAsync(CustomerKey key)
    {
        var id = Requests.NewNonce();
        if (await RepeatAsync(CallKind.Credit, key, id) is not null)
            _log.AddCredit(key, id);
    }

    private async Task MakeVideoAsync(CustomerKey key)
    {
        var nonce = Requests.NewNonce();
        if (await RepeatAsync(CallKind.Video, key, nonce) is not { } body)
            return;
        var job = JsonSerializer.Deserialize<JsonElement>(body);
        var id = job.GetProperty("id").GetString()!;
        while (true)
        {
            var status = job.GetProperty("status").GetString()!;
            _log.AddJob(key, nonce, id, status);
            if (status is not ("queued" or "in_progress"))
                return;
            await Task.Delay(BetweenPolls);
            var answer = await CallAsync(CallKind.VideoPoll, key, nonce, () => Requests.VideoJob(key, id));
            if (answer is not null)
                job = JsonSerializer.Deserialize<JsonElement>(answer);
            else if (_over.IsCancellationRequested)
                return;
        }
    }

    /// <summary>Calls with the same key until it is answered; null when the load is over first.</summary>
    private async Task<string?> RepeatAsync(CallKind kind, CustomerKey key, string nonce)
    {
        while (true)
        {
            if (await CallAsync(kind, key, nonce) is { } body)
                return body;
            if (_over.IsCancellationRequested)
                return null;
            await Task.Delay(BeforeRepeat);
        }
    }

    private async Task<string?> CallAsync(CallKind kind, CustomerKey key, string nonce, Func<HttpRequestMessage>? make = null)
    {
        var open = _log.Begin();
        var began = _log.Now;
        var (end, why) = (CallEnd.Broken, "");
        string? requestId = null, body = null;
        long? cost = null;
        try
        {
            using var limit = new CancellationTokenSource(LongestCall);
            using var answer = await _balancer.SendAsync(make ?? (() => Requests.Make(kind, key, nonce)), limit.Token);
            if (answer is null)
            {
                (end, why) = (CallEnd.NotSent, "no front end is ready");
            }
            else
            {
                requestId = answer.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.Single() : null;
                var text = await answer.Content.ReadAsStringAsync(limit.Token);
                why = Answers.Problem(kind, answer, text) ?? "";
                (end, cost) = why.Length == 0 ? (CallEnd.Good, Answers.Cost(answer, text)) : (CallEnd.Refused, null);
                body = end == CallEnd.Good ? text : null;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            why = exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http ? http.HttpRequestError.ToString() : exception.GetType().Name;
        }

        _log.Add(open, new Call(kind, key, nonce, began, _log.Now, end, why, requestId, cost));
        if (end == CallEnd.NotSent)
            await PauseAsync(BeforeRepeat);
        return body;
    }

    private Task PauseAsync(TimeSpan time) => Task.Delay(time, _over.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
}
