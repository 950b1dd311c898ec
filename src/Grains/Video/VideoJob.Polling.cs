using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Money;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Video;

namespace LlmTr.Grains.Video;

/// <content>From xAI's id to the end.</content>
public sealed partial record VideoJob
{
    /// <summary>A single video that costs more is a broken number and no price: it must not empty an account.</summary>
    public static readonly UsdTicks MostBelieved = UsdTicks.FromUsd(10_000);

    /// <summary>
    /// What an answer of xAI's means. The first one that ends the job decides; a later one, with another cost perhaps, changes nothing.
    /// <code>
    /// answer                                      hold                                          becomes
    /// pending, or a status that nobody knows      –                                             (polling)
    ///   a day after the start, no news in it      unreconciled                                  expired
    /// done, with a URL                            settled: its cost, else the catalogue's       succeeded
    /// done, without a URL                         settled where it has a cost, else released    failed
    /// failed                                      settled where it has a cost, else released    failed
    /// moderated (done or 400)                     settled where it has a cost, else released    failed
    /// expired at xAI                              settled where it has a cost, else unreconciled  expired
    /// unknown id or another 4xx, for 2 minutes    settled where it has a cost, else unreconciled  failed
    ///   for less than that                        –                                             (polling)
    /// platform key refused, no credits            –                                             (polling)
    /// no answer, 5xx, 429, HTML, half an answer   –                                             (polling)
    /// </code>
    /// </summary>
    public VideoJob Polled(VideoPoll answer, DateTimeOffset now, VideoJobOptions options)
    {
        if (Phase != JobPhase.Polling)
            return this;
        return answer.Kind switch
        {
            VideoPollKind.Pending => StillPending(answer.Progress ?? 0, now, options),
            VideoPollKind.Done when answer.Url is not null => this with
            {
                Phase = JobPhase.Settling,
                End = ChargeOrPrice(answer.Cost),
                Result = JobPhase.Succeeded,
                Progress = 100,
                ProviderUrl = answer.Url,
                SecondsGenerated = answer.Seconds ?? DurationSeconds,
                UnknownSince = null,
            },

            // xAI said that it made nothing, or nothing that it gives away. It bills some of those all the same, and then says so.
            VideoPollKind.Done => Ended(Charge(answer.Cost) ?? Released("done without a video"), JobPhase.Failed, JobErrors.NoVideo),
            VideoPollKind.Moderated => Ended(Charge(answer.Cost) ?? Released("refused by xAI: ContentModerated"), JobPhase.Failed, JobErrors.Moderated(answer.Message)),
            VideoPollKind.Failed => Ended(Charge(answer.Cost) ?? Released("failed at xAI"), JobPhase.Failed, JobErrors.Failed(answer.Code, answer.Message)),

            // Nobody knows whether the video was made, and billed, before it expired (contract, section 11).
            VideoPollKind.Expired => Ended(Charge(answer.Cost) ?? Unreconciled("expired at xAI"), JobPhase.Expired, JobErrors.ExpiredAtProvider),
            VideoPollKind.Unknown => NotKnown(answer, now, options),
            _ => this,
        };
    }

    /// <summary>The account has charged it.</summary>
    public VideoJob Settled(SettleReply reply, DateTimeOffset now) => Phase != JobPhase.Settling || End is null ? this : MoneyDone(now) with
    {
        // A hold that is no longer known was charged long ago, and its answer lost: what it cost is known all the same.
        End = End with { Charged = reply.Outcome == SettleOutcome.Settled ? reply.Charged : null, Available = reply.Outcome == SettleOutcome.Settled ? reply.Available : null },
    };

    /// <summary>The account has ended the hold without a charge.</summary>
    public VideoJob HoldEnded(DateTimeOffset now) => Phase == JobPhase.Settling ? MoneyDone(now) : this;

    /// <summary>The file was copied.</summary>
    public VideoJob Copied(VideoFile file, DateTimeOffset now) =>
        Phase == JobPhase.Copying ? this with { Phase = JobPhase.Succeeded, File = file, ProviderUrl = null, CompletedAt = now } : this;

    /// <summary>It could not be: the job succeeds with xAI's own URL.</summary>
    public VideoJob CopyGivenUp(DateTimeOffset now) => Phase == JobPhase.Copying ? this with { Phase = JobPhase.Succeeded, CompletedAt = now } : this;

    private VideoJob StillPending(int progress, DateTimeOffset now, VideoJobOptions options)
    {
        if (progress <= Progress && now >= SubmittedAt + options.PollLimit)
            return Ended(Unreconciled("no news for too long"), JobPhase.Expired, JobErrors.TookTooLong);
        return progress <= Progress && UnknownSince is null ? this : this with { Progress = Math.Max(progress, Progress), UnknownSince = null };
    }

    private VideoJob NotKnown(VideoPoll answer, DateTimeOffset now, VideoJobOptions options)
    {
        if (UnknownSince is not { } since)
            return this with { UnknownSince = now };
        return now >= since + options.UnknownGrace
            ? Ended(Charge(answer.Cost) ?? Unreconciled($"xAI does not know the job, status {answer.Status}"), JobPhase.Failed, JobErrors.NotKnown)
            : this;
    }

    private VideoJob MoneyDone(DateTimeOffset now) => Result == JobPhase.Succeeded
        ? this with { Phase = JobPhase.Copying }
        : this with { Phase = Result ?? JobPhase.Failed, CompletedAt = now };

    // What xAI reports for a video is believed exactly, zero too.
    private HoldEnd ChargeOrPrice(ReportedCost reported) => reported.TryGetAmount(out var cost) && cost <= MostBelieved
        ? new HoldEnd { Kind = HoldEndKind.Settle, Cost = cost, Source = CostSource.Provider, Reason = "done" }
        : new HoldEnd { Kind = HoldEndKind.Settle, Cost = Price, Source = CostSource.Catalogue, Reason = "done" };

    // Without a video only what xAI says that it bills.
    private static HoldEnd? Charge(ReportedCost reported) => reported.TryGetAmount(out var cost) && cost.IsPositive && cost <= MostBelieved
        ? new HoldEnd { Kind = HoldEndKind.Settle, Cost = cost, Source = CostSource.Provider, Reason = "billed without a video" }
        : null;

    private static HoldEnd Released(string reason) => new() { Kind = HoldEndKind.Release, Reason = reason };

    private static HoldEnd Unreconciled(string reason) => new() { Kind = HoldEndKind.Unreconciled, Reason = reason };
}
