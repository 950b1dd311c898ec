using LlmTr.Grains.Abstractions;
using Microsoft.Extensions.Logging;

namespace LlmTr.Grains.Video;

/// <content>What is done at the account: the hold is taken, and later ended, each with the same id until the account has answered.</content>
public sealed partial class DurableVideoJob
{
    private async Task<TimeSpan> PlaceHoldAsync(VideoJob job)
    {
        var reply = await services.Accounts.PlaceHoldAsync(job.KeyId, job.Hold(_options));
        if (reply.Outcome == PlaceHoldOutcome.Granted)
        {
            await WriteAsync(job.MoneyHeld());
            Decision = (job.HoldId, reply);
            return TimeSpan.Zero;
        }

        // No state is left behind, so that the same request may begin anew when there is money.
        await services.Store.ClearAsync(id, _stored!.ETag, CancellationToken.None);
        _stored = null;
        Decision = (job.HoldId, reply);
        Announce();
        await DeleteImageAsync(job);
        await services.Markers.CloseAsync(id, job.Marker!, CancellationToken.None);
        return TimeSpan.Zero;
    }

    private async Task<TimeSpan> EndHoldAsync(VideoJob job)
    {
        var end = job.End!;
        var latency = (_clock.GetUtcNow() - job.CreatedAt).Ticks / TimeSpan.TicksPerMillisecond;
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

    [LoggerMessage(LogLevel.Critical, "Video job {Id} of {KeyId} cost {CostTicks} ticks, but its account knows no open hold ({Outcome}). Unless the ledger shows the charge already, nothing was charged.")]
    private partial void LogNotSettled(string id, string keyId, long costTicks, SettleOutcome outcome);

    [LoggerMessage(LogLevel.Warning, "Video job {Id} of {KeyId} is unreconciled: {Reason}.")]
    private partial void LogUnreconciled(string id, string keyId, string reason);
}
