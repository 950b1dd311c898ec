using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Telemetry;
using LlmTr.Money;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Metering;

/// <summary>
/// The one way from a customer to xAI. Every inference route goes through here.
/// <code>
/// request ─► 1 admit ─► 2 quote and hold ──► the key's account: secret, balance, hold (durable)
///                            │
///                       3 forward ─────────► xAI, with the platform's own key
///                            │
/// answer ◄── 5 deliver ◄─ 4 measure, end ──► the key's account: settle, release or unreconciled (durable)
/// </code>
/// A hold that was placed ends in exactly one way: settled at a cost, released because nothing was billed, or unreconciled because nobody could learn
/// it. The client may leave at any point; the call goes on without it, since the answer's cost is known only at its end.
/// </summary>
internal sealed partial class MeteredCall(HttpContext http, PresentedKey key, IMeteredRequest request, MeteringServices services) : IDisposable
{
    // xAI's capacity comes back within seconds or not at all; more attempts would outlive the hold's freshness.
    private const int MostAttempts = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    // Enough for any error text; an error body has no reason to be larger.
    private const int MostErrorBytes = 256 * 1024;

    private readonly ILogger _logger = services.Logger;
    private readonly RequestTrace _context = http.GetRequestTrace();
    private readonly CancellationTokenSource _upstream = CancellationTokenSource.CreateLinkedTokenSource(services.Calls.Cut);
    private long _grantedTokens;
    private long _holdAsked;
    private long _sent;
    private int _holdsAsked;
    private bool _holdMayStand;
    private bool _wasSent;
    private bool _ended;

    /// <summary>The request and its response.</summary>
    public HttpContext Http => http;

    /// <summary>The request's id, and the hold's.</summary>
    public RequestId Id => _context.Id;

    /// <summary>What the hold reserves.</summary>
    public UsdTicks Granted { get; private set; }

    /// <summary>Cancelled when the call's time is over, or the gateway's. Not when the client leaves.</summary>
    public CancellationToken Upstream => _upstream.Token;

    /// <summary>True when the client is known to be gone.</summary>
    public bool ClientLeft => http.RequestAborted.IsCancellationRequested;

    /// <summary>Runs the whole call and answers the client in every case.</summary>
    public async Task RunAsync()
    {
        if (!IdempotencyKey.TryRead(http.Request, out var idempotencyKey))
        {
            await ErrorWriter.WriteAsync(http, KeyErrors.InvalidIdempotencyKey(IdempotencyKey.MostChars));
            return;
        }

        if (await RefusedByBudgetAsync() || await AnsweredDryAsync())
            return;

        // 1. Admit.
        if (!services.Calls.TryEnter())
        {
            await ErrorWriter.WriteAsync(http, GatewayErrors.TooManyCalls);
            return;
        }

        var watch = services.Calls.Watch(http.RequestAborted);
        try
        {
            // 2. Quote and hold.
            if (!await PlaceHoldAsync(idempotencyKey))
                return;

            // 3. Forward. Refusals end here.
            using var reply = await ForwardAsync();

            // 4 and 5. Measure, end, deliver.
            if (reply is not null)
                await request.AnswerAsync(this, reply);
        }
        catch (Exception exception)
        {
            await EndAfterFaultAsync(exception);
            if (_wasSent && !http.Response.HasStarted)
                ForbidRepeat();
            throw;
        }
        finally
        {
            services.Calls.StopWatching(watch, http.RequestAborted);
            services.Calls.Exit();
            RecordTimes();
        }
    }

    /// <summary>Gives the call until then to bring the next byte; never beyond the call's whole time.</summary>
    public void Arm(TimeSpan limit)
    {
        var left = request.Limits.Total - services.Clock.GetElapsedTime(_sent);
        var next = limit < left ? limit : left;
        _upstream.CancelAfter(next > TimeSpan.Zero ? next : TimeSpan.Zero);
    }

    /// <summary>Counts the time up to now as xAI's.</summary>
    public void StopUpstreamClock()
    {
        _context.Upstream = services.Clock.GetElapsedTime(_sent);
        _provider.Answered();
    }

    /// <summary>Answers with an error, and tells SDKs not to send again what was sent once: a repeat is a second bill.</summary>
    public Task WriteErrorAsync(ApiError error)
    {
        if (_wasSent && error.Status >= 500)
            ForbidRepeat();
        return ClientLeft ? Task.CompletedTask : ErrorWriter.WriteAsync(http, error);
    }

    /// <summary>Alarms when xAI says that it ran tools of its own: this gateway allows none, so either it leaks or xAI has changed.</summary>
    public void CheckServerSideTools(ReportedUsage usage)
    {
        if (usage.ServerSideToolsUsed > 0)
            LogServerSideTools(Id, usage.ServerSideToolsUsed.Value);
    }

    /// <inheritdoc/>
    public void Dispose() => _upstream.Dispose();

    private void ForbidRepeat() => http.Response.Headers["x-should-retry"] = "false";

    private async Task<bool> RefusedByBudgetAsync()
    {
        if (request.Budget is not { } budget || request.Quote.Least <= budget)
            return false;
        await ErrorWriter.WriteAsync(http, GatewayErrors.BudgetExceeded(request.Quote.Least, budget));
        return true;
    }

    // A budget between least and most lowers what the hold may grow to, and with it the cap that the gateway chooses.
    private Quote WithinBudget(Quote quote) => request.Budget is { } budget ? quote with { Most = UsdTicks.Min(quote.Most, budget) } : quote;

    private async Task<bool> PlaceHoldAsync(Fingerprint? idempotencyKey)
    {
        var quote = WithinBudget(request.Quote);
        _holdAsked = services.Clock.GetTimestamp();
        _holdMayStand = true;
        var hold = new PlaceHold
        {
            Id = Id,
            Secret = key.Secret,
            Least = quote.Least,
            Most = quote.Most,
            AvailableDivisor = quote.AvailableDivisor,
            Lifetime = request.Limits.HoldLifetime,
            Model = request.Model,
            Endpoint = request.Endpoint,
            LeastTokens = quote.LeastTokens,
            MostTokens = quote.MostTokens,
            IdempotencyKey = idempotencyKey,
            Body = idempotencyKey is null ? null : request.BodyFingerprint,
        };
        using var activity = GatewayTelemetry.Source.StartActivity("hold");
        var reply = await services.Accounts.RepeatAsync(key.KeyId, (Call: this, Hold: hold), static (account, asked) =>
        {
            asked.Call._holdsAsked++;
            return account.PlaceHold(asked.Hold);
        }, http.RequestAborted, nameof(PlaceHold));
        _holdTook = services.Clock.GetElapsedTime(_holdAsked);
        activity?.SetTag("llmtr.hold.outcome", reply?.Outcome.ToString() ?? "Unknown");
        activity?.Stop();

        if (reply is null)
        {
            // Nobody knows whether the hold stands: its release, remembered even when it comes first, makes sure that it does not stay.
            await ReleaseAsync("the hold was not answered", GatewayErrors.AccountsUnavailable.Status);
            await WriteErrorAsync(GatewayErrors.AccountsUnavailable);
            return false;
        }

        RateHeaders.Write(http.Response.Headers, reply.Rate);
        if (reply.Outcome == PlaceHoldOutcome.Granted)
        {
            (Granted, _grantedTokens) = (reply.Granted, reply.GrantedTokens);
            return true;
        }

        // Of several asks an early one may still be on its way, and find the money that a later one did not.
        if (_holdsAsked > 1)
            await ReleaseAsync("refused, and asked for more than once", StatusCodes.Status503ServiceUnavailable);
        _holdMayStand = false;
        HoldRefusals.WriteRetryHeaders(http.Response.Headers, reply);
        await WriteErrorAsync(HoldRefusals.ToError(reply, quote, request.Model));
        return false;
    }

    /// <summary>Sends until xAI has answered with a success; null when the call has ended without one and the client has been told.</summary>
    private async Task<XaiReply?> ForwardAsync()
    {
        var body = request.Forward(Granted, _grantedTokens);
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            if (ClientLeft || services.Clock.GetElapsedTime(_holdAsked) >= services.Options.HoldFreshness)
            {
                var error = ClientLeft ? GatewayErrors.ClientLeft : GatewayErrors.HoldNotUsable;
                await ReleaseAsync(ClientLeft ? "the client left before anything was sent" : "the hold was too old to be used", error.Status);
                await WriteErrorAsync(error);
                return null;
            }

            _sent = services.Clock.GetTimestamp();
            BeginProviderCall();
            Arm(request.Limits.FirstByte);
            var reply = await services.Xai.PostAsync(request.UpstreamPath, body(), Upstream);
            StopUpstreamClock();
            _wasSent |= reply.Outcome != XaiOutcome.NeverSent;
            if (reply is { Outcome: XaiOutcome.Answered, Response: { } response } && response.IsSuccessStatusCode)
                return reply;

            using (reply)
            {
                if (await EndedAsync(reply, mayRepeat: attempt < MostAttempts))
                    return null;
            }

            await PauseAsync(pause);
        }
    }

    /// <summary>Ends the call after an attempt without success; false when it may be repeated instead.</summary>
    private async Task<bool> EndedAsync(XaiReply reply, bool mayRepeat)
    {
        if (reply.Outcome == XaiOutcome.NeverSent)
        {
            if (mayRepeat && !Upstream.IsCancellationRequested)
                return false;
            _provider.Failed(reply.Failure.ToString());
            await ReleaseAsync("xAI could not be reached; nothing was sent", GatewayErrors.ProviderUnreachable.Status);
            await WriteErrorAsync(GatewayErrors.ProviderUnreachable);
            return true;
        }

        if (reply.Response is not { } response)
        {
            await WriteErrorAsync(await EndUnansweredAsync("sent, and no answer came"));
            return true;
        }

        var status = (int)response.StatusCode;
        using var body = await BoundedBody.ReadAsync(await response.Content.ReadAsStreamAsync(Upstream), MostErrorBytes, Upstream);
        StopUpstreamClock();
        var refusal = XaiRefusal.Read(status, response.Content.Headers.ContentType?.MediaType, body.Memory.Span);

        // The cost of a refusal stands at the end of its body: without the end nobody can say that there was none.
        if (body.End != BodyEnd.Complete)
            refusal = refusal with { IsReadable = false, Retryable = false };
        if (refusal.Retryable && request.RepeatsAtCapacity && mayRepeat)
        {
            // Refused in xAI's own words: this attempt made nothing and cost nothing.
            services.Provider.Refused(refusal.Kind);
            _wasSent = false;
            return false;
        }

        await WriteErrorAsync(await EndRefusedAsync(refusal, status));
        return true;
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, services.Clock, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client left; the next look at ClientLeft ends the call.
        }
    }

    [LoggerMessage(LogLevel.Critical, "Request {Id}: xAI refused it for the operator's sake ({Kind}, status {Status}): check the platform key, its credits and the catalogue.")]
    private partial void LogOperatorFault(RequestId id, RefusalKind kind, int status);

    [LoggerMessage(LogLevel.Critical, "Request {Id}: xAI ran {Count} server-side tools although none was allowed.")]
    private partial void LogServerSideTools(RequestId id, long count);

    [LoggerMessage(LogLevel.Error, "Request {Id}: the gateway failed in mid-call.")]
    private partial void LogFault(RequestId id, Exception exception);
}

/// <summary>What became of a settlement.</summary>
/// <param name="Charged">What the key pays.</param>
/// <param name="Available">The available balance after it; null while the account has not taken it.</param>
internal readonly record struct Settlement(UsdTicks Charged, UsdTicks? Available);
