using LlmTr.Grains.Abstractions;
using Microsoft.Extensions.Logging;

namespace LlmTr.Grains.Video;

/// <content>
/// What is done at the account: the hold is taken, and later ended, each with the same id until the account has answered. A job that is refused leaves no hold:
/// <code>
/// asked once, answered: refused ──────────────────────────────────────────────► cleared
/// asked again (written) ─► refused ─► withdrawn (written) ─► released, answered ─► cleared
/// </code>
/// </content>
public sealed partial class DurableVideoJob
{
    // For the ledger: what a customer is told whose account cannot say in time what it decided.
    private const int RefusedStatus = 503;

    // True from the moment that this host has begun the job until it asks: as long as nobody else has written the job, nobody else has asked.
    private bool _isHoldUnasked;

    private async Task<TimeSpan> PlaceHoldAsync(VideoJob job)
    {
        if (!_isHoldUnasked)
        {
            // An earlier ask, of this host or of another, may be on its way. The new ETag keeps its host from clearing the job when it is refused and this one is granted.
            job = job.HoldAskedAgain(_clock.GetUtcNow());
            await WriteAsync(job);
        }

        _isHoldUnasked = false;
        var reply = await services.Accounts.PlaceHoldAsync(job.KeyId, job.Hold(_options));
        if (reply.Outcome == PlaceHoldOutcome.Granted)
        {
            await WriteAsync(job.MoneyHeld());
            Decision = (job.HoldId, reply);
            return TimeSpan.Zero;
        }

        if (job.HoldAskedAgainAt is null)
        {
            await LeaveNothingAsync(job, reply);
            return TimeSpan.Zero;
        }

        // Of several asks an early one may still find the money that a later one did not.
        await WriteAsync(job.Withdrawn());
        Decision = (job.HoldId, reply);
        return TimeSpan.Zero;
    }

    // The account remembers a release also where it comes before its hold. It is written down first: once it may be on its way, nobody may build on the hold.
    private async Task<TimeSpan> WithdrawAsync(VideoJob job)
    {
        await services.Accounts.ReleaseAsync(job.KeyId, new Release { Id = job.HoldId, Reason = job.End!.Reason, StatusCode = RefusedStatus, LatencyMs = Latency(job) });

        // The host that knew why it was refused may be gone; what is left to say is what every ask is told from now on.
        await LeaveNothingAsync(job, Decision is { } known && known.HoldId == job.HoldId ? known.Reply : new PlaceHoldReply { Outcome = PlaceHoldOutcome.Ended });
        return TimeSpan.Zero;
    }

    // No state is left behind, so that the same request may begin anew when there is money.
    private async Task LeaveNothingAsync(VideoJob job, PlaceHoldReply refusal)
    {
        await services.Store.ClearAsync(id, _stored!.ETag, CancellationToken.None);
        _stored = null;
        Decision = (job.HoldId, refusal);
        Announce();
        await DeleteImageAsync(job);
        await services.Markers.CloseAsync(id, job.Marker!, CancellationToken.None);
    }

    private async Task<TimeSpan> EndHoldAsync(VideoJob job)
    {
        var end = job.End!;
        var latency = Latency(job);
        switch (end.Kind)
        {
            case HoldEndKind.Settle:
                var reply = await services.Accounts.SettleAsync(job.KeyId, new Settle
                {
                    Id = job.HoldId,
                    Cost = end.Cost,
                    Source = end.Source,
                    Facts = new RequestFacts { StatusCode = 200, LatencyMs = latency },
                });
                if (reply.Outcome != SettleOutcome.Settled)
                    LogNotSettled(id, job.KeyId, end.Cost.Value, reply.Outcome);
                await WriteAsync(job.Settled(reply, _clock.GetUtcNow()));
                return TimeSpan.Zero;
            case HoldEndKind.Release:
                await services.Accounts.ReleaseAsync(job.KeyId, new Release { Id = job.HoldId, Reason = end.Reason, StatusCode = 200, LatencyMs = latency });
                break;
            default:
                LogUnreconciled(id, job.KeyId, end.Reason);
                await services.Accounts.ReportUnreconciledAsync(
                    job.KeyId, new ReportUnreconciled { Id = job.HoldId, Reason = end.Reason, StatusCode = 200, LatencyMs = latency });
                break;
        }

        await WriteAsync(job.HoldEnded(_clock.GetUtcNow()));
        return TimeSpan.Zero;
    }

    private long Latency(VideoJob job) => (_clock.GetUtcNow() - job.CreatedAt).Ticks / TimeSpan.TicksPerMillisecond;

    [LoggerMessage(LogLevel.Critical, "Video job {Id} of {KeyId} cost {CostTicks} ticks, but its account knows no open hold ({Outcome}). Unless the ledger shows the charge already, nothing was charged.")]
    private partial void LogNotSettled(string id, string keyId, long costTicks, SettleOutcome outcome);

    [LoggerMessage(LogLevel.Warning, "Video job {Id} of {KeyId} is unreconciled: {Reason}.")]
    private partial void LogUnreconciled(string id, string keyId, string reason);
}
