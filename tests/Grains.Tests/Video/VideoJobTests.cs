using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Video;

namespace LlmTr.Grains.Tests.Video;

public sealed class VideoJobTests
{
    private static readonly DateTimeOffset Later = Jobs.Start.AddMinutes(1);

    public static TheoryData<string, VideoStart, HoldEndKind?, JobPhase, string?> Starts
    {
        get
        {
            static VideoStart Refused(RefusalKind kind, ReportedCost cost = default) =>
                new(VideoStartKind.Refused, null, new XaiRefusal(kind, true, false, cost, null, null), "why");
            return new()
            {
                { "accepted", VideoStart.Accepted("x"), null, JobPhase.Polling, null },
                { "never sent", VideoStart.NeverSent, null, JobPhase.Holding, null },
                { "nothing came back", VideoStart.Unanswered, HoldEndKind.Unreconciled, JobPhase.Settling, "provider_error" },
                { "unreadable", VideoStart.Read(502, "text/html", "<html>"u8, true), HoldEndKind.Unreconciled, JobPhase.Settling, "provider_error" },
                { "argument", Refused(RefusalKind.CallerArgument), HoldEndKind.Release, JobPhase.Settling, "invalid_request_error" },
                { "moderated", Refused(RefusalKind.ContentModerated), HoldEndKind.Release, JobPhase.Settling, "content_moderated" },
                { "moderated, billed", Refused(RefusalKind.ContentModerated, Jobs.Cost(Jobs.Price)), HoldEndKind.Settle, JobPhase.Settling, "content_moderated" },
                { "rate", Refused(RefusalKind.RateLimited), HoldEndKind.Release, JobPhase.Settling, "rate_limit_exceeded" },
                { "key", Refused(RefusalKind.PlatformKeyRefused), HoldEndKind.Release, JobPhase.Settling, "provider_unavailable" },
                { "credits", Refused(RefusalKind.OutOfCredits), HoldEndKind.Release, JobPhase.Settling, "provider_unavailable" },
                { "at capacity: never sent again", Refused(RefusalKind.AtCapacity), HoldEndKind.Release, JobPhase.Settling, "provider_error" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void Start_AnsweredByXai_MeansForTheJob(string what, VideoStart answer, HoldEndKind? end, JobPhase phase, string? error)
    {
        var job = Jobs.Submitting().Submitted("nonce", answer, Later);

        (job.Phase, job.End?.Kind, job.Error?.Type).Should().Be((phase, end, error), what);
    }

    [Fact]
    public void Submission_ByAnotherAttempt_ChangesNothing()
    {
        var job = Jobs.Submitting();

        job.Submitted("another", VideoStart.Accepted("x"), Later).Should().BeSameAs(job);
    }

    [Fact]
    public void Submission_IsAllowedToTheAttemptWhoseNonceIsWritten()
    {
        Jobs.Submitting().Next("nonce").Should().Be(JobAction.Submit);
        Jobs.Submitting().Next("another").Should().Be(JobAction.AwaitSubmission);
        Jobs.Submitting().Next(null).Should().Be(JobAction.AwaitSubmission);
    }

    [Fact]
    public void Claim_OfAJobThatWasClaimed_IsRefused()
    {
        var claim = () => Jobs.Submitting().Claimed("second", Later);

        claim.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Submission_ThatNobodyAnswersFor_IsLostAfterThePostsLimitAndTwoMinutes()
    {
        var job = Jobs.Submitting();
        var lostAt = Jobs.Start + TimeSpan.FromSeconds(300) + TimeSpan.FromMinutes(2);
        job.SubmissionLost(lostAt.AddTicks(-1), Jobs.Options).Should().BeSameAs(job);

        var lost = job.SubmissionLost(lostAt, Jobs.Options);

        (lost.Phase, lost.End!.Kind, lost.Result, lost.Error!.Type).Should().Be((JobPhase.Settling, HoldEndKind.Unreconciled, JobPhase.Failed, "submission_unknown"));
        lost.Order.Should().BeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RequestId_ThatTurnsUpAfterTheJobWasGivenUp_IsPolledAfterAll(bool told)
    {
        var lost = Jobs.Submitting().SubmissionLost(Jobs.Start.AddHours(1), Jobs.Options);
        if (told)
            lost = lost.HoldEnded(Jobs.Start.AddHours(1));

        var found = lost.Submitted("nonce", VideoStart.Accepted("late"), Jobs.Start.AddHours(2));

        (found.Phase, found.ProviderId, found.End, found.Error, found.CompletedAt, found.IsOver).Should().Be((JobPhase.Polling, "late", null, null, null, false));
        lost.Submitted("another", VideoStart.Accepted("late"), Later).Should().BeSameAs(lost);
        lost.Submitted("nonce", VideoStart.Unanswered, Later).Should().BeSameAs(lost);
        found.Polled(Jobs.Done(), Later, Jobs.Options).End!.Kind.Should().Be(HoldEndKind.Settle);
    }

    [Fact]
    public void Job_ThatCouldNotBeSentInTime_ReleasesItsHold()
    {
        var job = Jobs.Holding();
        job.NotSentInTime(Jobs.Start + Jobs.Options.SubmitPatience, Jobs.Options).Should().BeSameAs(job);

        var late = job.NotSentInTime(Jobs.Start + Jobs.Options.SubmitPatience + TimeSpan.FromTicks(1), Jobs.Options);

        (late.Phase, late.End!.Kind, late.Error!.Type).Should().Be((JobPhase.Settling, HoldEndKind.Release, "provider_unavailable"));
    }

    [Fact]
    public void Hold_IsOfExactlyThePriceAndOutlivesADayOfPolling()
    {
        var hold = Jobs.Queued().Hold(Jobs.Options);

        (hold.Least, hold.Most, hold.AvailableDivisor, hold.Endpoint).Should().Be((Jobs.Price, Jobs.Price, 1, "/v1/video/generations"));
        hold.Lifetime.Should().BeGreaterThan(TimeSpan.FromDays(1) + Jobs.Options.SubmitPatience + Jobs.Options.SubmitLimit + Jobs.Options.SubmitMargin);
    }

    [Fact]
    public void Hold_AskedForAgain_KeepsWhenThatBegan()
    {
        var again = Jobs.Queued().HoldAskedAgain(Later);

        (again.Phase, again.HoldAskedAgainAt, again.Next(null)).Should().Be((JobPhase.Queued, Later, JobAction.PlaceHold));
        again.HoldAskedAgain(Later.AddMinutes(1)).Should().BeSameAs(again);
        again.MoneyHeld().HoldAskedAgainAt.Should().BeNull();
        Jobs.Holding().HoldAskedAgain(Later).HoldAskedAgainAt.Should().BeNull();
    }

    [Fact]
    public void Job_Withdrawn_IsNeverAskedForAgainAndNeverSent()
    {
        var withdrawn = Jobs.Queued().HoldAskedAgain(Later).Withdrawn();

        (withdrawn.Phase, withdrawn.End!.Kind, withdrawn.Next(null)).Should().Be((JobPhase.Queued, HoldEndKind.Release, JobAction.Withdraw));
        (withdrawn.SecretSha256, withdrawn.Order).Should().Be((null, null));
        withdrawn.MoneyHeld().Should().BeSameAs(withdrawn, "a late grant comes to nothing");
        var hold = () => withdrawn.Hold(Jobs.Options);
        hold.Should().Throw<InvalidOperationException>();
        Jobs.Holding().Withdrawn().End.Should().BeNull("its money is held");
    }

    [Fact]
    public void Secret_IsGoneOnceTheMoneyIsHeld() => Jobs.Holding().SecretSha256.Should().BeNull();

    [Fact]
    public void Prompt_IsInNoJobThatXaiHas()
    {
        System.Text.Encoding.UTF8.GetString(VideoJobJson.Write(Jobs.Queued())).Should().Contain("a prompt");

        System.Text.Encoding.UTF8.GetString(VideoJobJson.Write(Jobs.Polling())).Should().NotContain("prompt");
        System.Text.Encoding.UTF8.GetString(VideoJobJson.Write(Jobs.Submitting().SubmissionLost(Jobs.Start.AddHours(1), Jobs.Options))).Should().NotContain("prompt");
    }

    [Fact]
    public void Success_GoesOverMoneyToFile()
    {
        var done = Jobs.Polling().Polled(Jobs.Done(Jobs.Cost(Jobs.OtherPrice)), Later, Jobs.Options);
        done.Next(null).Should().Be(JobAction.EndHold);
        done.Copied(File, Later).Should().BeSameAs(done, "money comes before files");

        var paid = done.Settled(new SettleReply { Outcome = SettleOutcome.Settled, Charged = Jobs.Price, Overrun = new UsdTicks(1), Available = new UsdTicks(7) }, Later);
        (paid.Phase, paid.Next(null), paid.End!.Charged, paid.End.Available, paid.CompletedAt).Should().Be((JobPhase.Copying, JobAction.Copy, Jobs.Price, new UsdTicks(7), null));
        paid.View("id", Later).Should().BeEquivalentTo(new { Status = VideoJobStatus.InProgress, IsOver = false });

        var copied = paid.Copied(File, Later);
        (copied.Phase, copied.Next(null), copied.CompletedAt).Should().Be((JobPhase.Succeeded, JobAction.Close, Later));
        copied.View("id", Later).Should().BeEquivalentTo(new
        {
            Id = "id",
            Status = VideoJobStatus.Succeeded,
            Progress = 100,
            SecondsGenerated = 5,
            Cost = Jobs.OtherPrice,
            Charged = Jobs.Price,
            File,
            ProviderUrl = (string?)null,
        });
        copied.View("id", File.KeptUntil).File.Should().BeNull("it is deleted by then");
    }

    [Fact]
    public void Copy_ThatFails_LeavesTheProvidersUrl()
    {
        var job = Jobs.Polling().Polled(Jobs.Done(), Later, Jobs.Options).Settled(new SettleReply { Outcome = SettleOutcome.Settled, Charged = Jobs.Price }, Later).CopyGivenUp(Later);

        job.View("id", Later).Should().BeEquivalentTo(new { Status = VideoJobStatus.Succeeded, File = (VideoFile?)null, ProviderUrl = Jobs.Url });
    }

    [Fact]
    public void Settlement_OfAHoldThatIsNoLongerKnown_EndsTheJobWithItsCost()
    {
        var job = Jobs.Polling().Polled(Jobs.Done(), Later, Jobs.Options).Settled(new SettleReply { Outcome = SettleOutcome.UnknownHold }, Later);

        (job.Phase, job.End!.Charged, job.View("id", Later).Cost).Should().Be((JobPhase.Copying, null, Jobs.Price));
    }

    [Fact]
    public void Refusal_WithoutACharge_ShowsNoCost()
    {
        var job = Jobs.Polling().Polled(new VideoPoll { Kind = VideoPollKind.Moderated, Message = "no" }, Later, Jobs.Options).HoldEnded(Later);

        job.View("id", Later).Should().BeEquivalentTo(new
        {
            Status = VideoJobStatus.Failed,
            Cost = (UsdTicks?)null,
            ErrorType = "content_moderated",
            ErrorMessage = "xAI refused the content: no",
            CompletedAt = (DateTimeOffset?)Later,
        });
    }

    [Fact]
    public void Job_OfEveryPhase_IsStoredAndReadBack()
    {
        VideoJob[] all =
        [
            Jobs.Queued(), Jobs.Queued().HoldAskedAgain(Later), Jobs.Queued().HoldAskedAgain(Later).Withdrawn(), Jobs.Holding(), Jobs.Submitting(), Jobs.Polling() with { UnknownSince = Later },
            Jobs.Polling().Polled(Jobs.Done(), Later, Jobs.Options),
            Jobs.Polling().Polled(Jobs.Done(), Later, Jobs.Options).Settled(new SettleReply { Outcome = SettleOutcome.Settled, Charged = Jobs.Price }, Later).Copied(File, Later),
            Jobs.Polling().Polled(new VideoPoll { Kind = VideoPollKind.Expired }, Later, Jobs.Options).HoldEnded(Later),
            VideoJob.NeverBegun(Later),
        ];

        foreach (var job in all)
            VideoJobJson.Read(VideoJobJson.Write(job)).Should().Be(job);
    }

    [Fact]
    public void Job_OfANewerVersion_IsNotRead()
    {
        var read = () => VideoJobJson.Read(VideoJobJson.Write(Jobs.Queued() with { Schema = 2 }));

        read.Should().Throw<InvalidDataException>().WithMessage("*schema 2*");
    }

    private static VideoFile File { get; } = new("name", 3, "abc", Later.AddDays(7));
}
