using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Xai.Video;

namespace LlmTr.Grains.Video;

/// <content>From the request to xAI's id.</content>
public sealed partial record VideoJob
{
    /// <summary>The error type of a job whose POST nobody knows the end of.</summary>
    public const string SubmissionUnknown = "submission_unknown";

    /// <summary>A job at its beginning.</summary>
    /// <param name="command">What is asked for.</param>
    /// <param name="marker">Its open marker, which is there already.</param>
    /// <param name="now">The moment.</param>
    /// <exception cref="ArgumentException">The command contradicts itself.</exception>
    public static VideoJob Begin(StartVideo command, string marker, DateTimeOffset now)
    {
        if (!command.Price.IsPositive || command.DurationSeconds < 1)
            throw new ArgumentException("A job needs a price and a duration above zero.", nameof(command));
        return new VideoJob
        {
            Phase = JobPhase.Queued,
            Marker = marker,
            KeyId = command.KeyId,
            HoldId = command.HoldId,
            SecretSha256 = command.Secret.ToHex(),
            Body = command.Body.ToString(),
            CreatedAt = now,
            Model = command.Model,
            DurationSeconds = command.DurationSeconds,
            Price = command.Price,
            Order = new VideoOrder
            {
                UpstreamModel = command.UpstreamModel,
                Prompt = command.Prompt,
                DurationSeconds = command.DurationSeconds,
                AspectRatio = command.AspectRatio,
                Resolution = command.Resolution,
                ImageUrl = command.ImageUrl,
                ImageName = command.ImageName,
            },
        };
    }

    /// <summary>What stands in the place of a job that never began.</summary>
    public static VideoJob NeverBegun(DateTimeOffset now) => new()
    {
        Phase = JobPhase.Tombstone,
        KeyId = "",
        HoldId = default,
        Body = "",
        CreatedAt = now,
        CompletedAt = now,
        Model = "",
        DurationSeconds = 0,
        Price = default,
    };

    /// <summary>The hold that the job needs: exactly its price. Asking again with it is harmless, but has to be written down (<see cref="HoldAskedAgain"/>).</summary>
    /// <exception cref="InvalidOperationException">The money is held already, or refused for good.</exception>
    public PlaceHold Hold(VideoJobOptions options) => new()
    {
        Id = HoldId,
        Secret = SecretHash.FromHex(SecretSha256 ?? throw new InvalidOperationException("The job's money is held already, or refused for good.")),
        Least = Price,
        Most = Price,
        AvailableDivisor = 1,
        Lifetime = options.HoldLifetime,
        Model = Model,
        Endpoint = VideoJobOptions.Endpoint,
    };

    /// <summary>The account holds the job's money.</summary>
    public VideoJob MoneyHeld() => Phase == JobPhase.Queued && End is null ? this with { Phase = JobPhase.Holding, SecretSha256 = null, HoldAskedAgainAt = null } : this;

    /// <summary>
    /// The account is asked for the hold by somebody who cannot know that nobody has asked before: an ask before may be on its way. From here on a refusal is no longer the end:
    /// the hold has to be released too.
    /// </summary>
    public VideoJob HoldAskedAgain(DateTimeOffset now) => Phase == JobPhase.Queued && End is null && HoldAskedAgainAt is null ? this with { HoldAskedAgainAt = now } : this;

    /// <summary>
    /// The account has refused, and that stands: the hold is released, whichever ask may have got it or will, and never asked for again. Then the job is taken away.
    /// </summary>
    public VideoJob Withdrawn() => Phase == JobPhase.Queued && End is null ? this with { End = Released("refused, and asked for more than once"), SecretSha256 = null, Order = null } : this;

    /// <summary>This attempt will send it. Written down before it does: of all attempts only the one whose nonce is in the store may.</summary>
    /// <exception cref="InvalidOperationException">It is not the moment for it.</exception>
    public VideoJob Claimed(string nonce, DateTimeOffset now) => Phase == JobPhase.Holding
        ? this with { Phase = JobPhase.Submitting, Nonce = nonce, SubmittingAt = now }
        : throw new InvalidOperationException("Only a job that holds its money and was not sent can be claimed.");

    /// <summary>
    /// Nothing was sent in all the time that there is for it: the hold is released. A job that would be sent later than that would outlive its hold.
    /// </summary>
    public VideoJob NotSentInTime(DateTimeOffset now, VideoJobOptions options) => Phase == JobPhase.Holding && now > CreatedAt + options.SubmitPatience
        ? Ended(new HoldEnd { Kind = HoldEndKind.Release, Reason = "xAI could not be reached; nothing was sent" }, JobPhase.Failed, JobErrors.Unreachable)
        : this;

    /// <summary>It cannot be sent at all: its image is gone from the media store.</summary>
    public VideoJob ImageLost() => Phase == JobPhase.Holding
        ? Ended(new HoldEnd { Kind = HoldEndKind.Release, Reason = "the input image was lost; nothing was sent" }, JobPhase.Failed, JobErrors.ImageLost)
        : this;

    /// <summary>
    /// True when the claim is so young that its attempt may send: long before anyone else counts the submission as lost.
    /// </summary>
    public bool IsClaimFresh(DateTimeOffset now, VideoJobOptions options) => Phase == JobPhase.Submitting && now < SubmittingAt + options.SubmitMargin;

    /// <summary>The attempt of this nonce has ended.</summary>
    public VideoJob Submitted(string nonce, VideoStart answer, DateTimeOffset now)
    {
        // An answer that comes when the job was given up may still bring the id, and with it the video and its cost.
        var isGivenUp = Nonce == nonce && ProviderId is null && Error?.Type == SubmissionUnknown;
        if (isGivenUp && answer.Kind == VideoStartKind.Accepted)
            return this with { Phase = JobPhase.Polling, ProviderId = answer.RequestId, SubmittedAt = now, End = null, Result = null, Error = null, CompletedAt = null };
        if (Phase != JobPhase.Submitting || Nonce != nonce)
            return this;

        switch (answer.Kind)
        {
            case VideoStartKind.NeverSent:
                return this with { Phase = JobPhase.Holding, Nonce = null, SubmittingAt = null };
            case VideoStartKind.Accepted:
                return this with { Phase = JobPhase.Polling, ProviderId = answer.RequestId, SubmittedAt = now, Order = null };
            case VideoStartKind.Refused:
                return Ended(
                    Charge(answer.Refusal.Cost) ?? new HoldEnd { Kind = HoldEndKind.Release, Reason = answer.Why },
                    JobPhase.Failed,
                    JobErrors.OfStart(answer.Refusal));
            default:
                return Ended(new HoldEnd { Kind = HoldEndKind.Unreconciled, Reason = answer.Why }, JobPhase.Failed, JobErrors.StartUnknown);
        }
    }

    /// <summary>True when no attempt can be submitting any more.</summary>
    public bool IsSubmissionLost(DateTimeOffset now, VideoJobOptions options) =>
        Phase == JobPhase.Submitting && now >= SubmittingAt + options.SubmitLimit + options.SubmitMargin;

    /// <summary>Nobody will ever say whether it was sent: it is not sent again, and nothing is charged.</summary>
    public VideoJob SubmissionLost(DateTimeOffset now, VideoJobOptions options) => IsSubmissionLost(now, options)
        ? Ended(new HoldEnd { Kind = HoldEndKind.Unreconciled, Reason = SubmissionUnknown }, JobPhase.Failed, JobErrors.SubmissionUnknown)
        : this;

    private VideoJob Ended(HoldEnd end, JobPhase result, JobError? error = null) =>
        this with { Phase = JobPhase.Settling, End = end, Result = result, Error = error, Order = null, UnknownSince = null };
}
