using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Video;

namespace LlmTr.Grains.Tests.Video;

/// <summary>What each answer of xAI's means for the job and its money, one row a line.</summary>
public sealed class ProviderAnswerTableTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan TwoDays = TimeSpan.FromDays(2);
    private static readonly ReportedCost Reported = ReportedCost.Of(Jobs.OtherPrice);
    private static readonly ReportedCost Absurd = ReportedCost.Of(UsdTicks.FromUsd(10_001));

    public static TheoryData<Row> Rows => new()
    {
        // Not over.
        { new("pending", Jobs.Pending(), Soon) },
        { new("pending without progress, or an empty body", Jobs.Pending(null), Soon) },
        { new("pending with a cost: it is not the last word", Jobs.Pending() with { Cost = Reported }, Soon) },
        { new("pending for nearly a day", Jobs.Pending(), TimeSpan.FromHours(23)) },
        { new("pending after two days, with news", Jobs.Pending(1), TwoDays) },
        { new("unknown id right after the start", Of(VideoPollKind.Unknown, 404), Soon) },
        { new("unknown id later, for the first time", Of(VideoPollKind.Unknown, 404), Hour) },
        { new("platform key refused", Of(VideoPollKind.PlatformFault, 400), Hour) },
        { new("no credits, after two days", Of(VideoPollKind.PlatformFault, 403), TwoDays) },
        { new("5xx", Of(VideoPollKind.NoAnswer, 503), Hour) },
        { new("5xx after two days", Of(VideoPollKind.NoAnswer, 503), TwoDays) },
        { new("no answer at all", VideoPoll.Unanswered, TwoDays) },

        // A video.
        { new("done with a cost", Jobs.Done(Reported), Soon, HoldEndKind.Settle, JobPhase.Succeeded, Jobs.OtherPrice) },
        { new("done with a cost above the hold", Jobs.Done(ReportedCost.Of(Jobs.Price * 2)), Soon, HoldEndKind.Settle, JobPhase.Succeeded, Jobs.Price * 2) },
        { new("done with a cost of zero", Jobs.Done(ReportedCost.Of(UsdTicks.Zero)), Soon, HoldEndKind.Settle, JobPhase.Succeeded, UsdTicks.Zero) },
        { new("done without a cost", Jobs.Done(), Soon, HoldEndKind.Settle, JobPhase.Succeeded, Jobs.Price, CostSource.Catalogue) },
        { new("done with a cost of null", Jobs.Done(ReportedCost.Null), Soon, HoldEndKind.Settle, JobPhase.Succeeded, Jobs.Price, CostSource.Catalogue) },
        { new("done with a cost that is no number", Jobs.Done(ReportedCost.Unusable), Soon, HoldEndKind.Settle, JobPhase.Succeeded, Jobs.Price, CostSource.Catalogue) },
        { new("done with an absurd cost", Jobs.Done(Absurd), Soon, HoldEndKind.Settle, JobPhase.Succeeded, Jobs.Price, CostSource.Catalogue) },
        { new("done after two days", Jobs.Done(Reported), TwoDays, HoldEndKind.Settle, JobPhase.Succeeded, Jobs.OtherPrice) },

        // None.
        { new("done without a URL", Of(VideoPollKind.Done, 200), Soon, HoldEndKind.Release, JobPhase.Failed) },
        { new("done without a URL, billed", Of(VideoPollKind.Done, 200, Reported), Soon, HoldEndKind.Settle, JobPhase.Failed, Jobs.OtherPrice) },
        { new("moderated", Of(VideoPollKind.Moderated, 400), Soon, HoldEndKind.Release, JobPhase.Failed) },
        { new("moderated, billed", Of(VideoPollKind.Moderated, 200, Reported), Soon, HoldEndKind.Settle, JobPhase.Failed, Jobs.OtherPrice) },
        { new("moderated, with a cost of zero", Of(VideoPollKind.Moderated, 200, ReportedCost.Of(UsdTicks.Zero)), Soon, HoldEndKind.Release, JobPhase.Failed) },
        { new("moderated, with an absurd cost", Of(VideoPollKind.Moderated, 200, Absurd), Soon, HoldEndKind.Release, JobPhase.Failed) },
        { new("failed", Of(VideoPollKind.Failed, 200), Soon, HoldEndKind.Release, JobPhase.Failed) },
        { new("failed, billed", Of(VideoPollKind.Failed, 200, Reported), Soon, HoldEndKind.Settle, JobPhase.Failed, Jobs.OtherPrice) },
        { new("expired at xAI", Of(VideoPollKind.Expired, 200), Soon, HoldEndKind.Unreconciled, JobPhase.Expired) },
        { new("expired at xAI, billed", Of(VideoPollKind.Expired, 200, Reported), Soon, HoldEndKind.Settle, JobPhase.Expired, Jobs.OtherPrice) },
        { new("pending after two days, without news", Jobs.Pending(0), TwoDays, HoldEndKind.Unreconciled, JobPhase.Expired) },
        { new("a status that nobody knows, after two days", Jobs.Pending(null), TwoDays, HoldEndKind.Unreconciled, JobPhase.Expired) },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Answer_OfXai_MeansForTheJob(Row row)
    {
        ArgumentNullException.ThrowIfNull(row);

        var job = Jobs.Polling().Polled(row.Answer, Jobs.Start + row.After, Jobs.Options);

        if (row.End is null)
        {
            job.Phase.Should().Be(JobPhase.Polling);
            job.End.Should().BeNull();
            return;
        }

        job.Phase.Should().Be(JobPhase.Settling);
        (job.End!.Kind, job.Result).Should().Be((row.End.Value, row.Result));
        if (row.End == HoldEndKind.Settle)
            (job.End.Cost, job.End.Source).Should().Be((row.Cost, row.Source));
        (job.Error is null).Should().Be(row.Result == JobPhase.Succeeded);
        job.Order.Should().BeNull();
    }

    [Fact]
    public void UnknownId_WithoutABreakForTheGrace_EndsTheJobAsACase()
    {
        var first = Jobs.Polling().Polled(Of(VideoPollKind.Unknown, 404), Jobs.Start + Hour, Jobs.Options);
        first.Polled(Of(VideoPollKind.Unknown, 404), Jobs.Start + Hour + Jobs.Options.UnknownGrace - Soon, Jobs.Options).Should().BeSameAs(first);

        var last = first.Polled(Of(VideoPollKind.Unknown, 404), Jobs.Start + Hour + Jobs.Options.UnknownGrace, Jobs.Options);

        (last.Phase, last.End!.Kind, last.Result).Should().Be((JobPhase.Settling, HoldEndKind.Unreconciled, JobPhase.Failed));
    }

    [Fact]
    public void UnknownId_ThatIsKnownInBetween_StartsTheGraceAnew()
    {
        var job = Jobs.Polling().Polled(Of(VideoPollKind.Unknown, 404), Jobs.Start + Hour, Jobs.Options).Polled(Jobs.Pending(), Jobs.Start + Hour + Soon, Jobs.Options);
        job.UnknownSince.Should().BeNull();

        job.Polled(Of(VideoPollKind.Unknown, 404), Jobs.Start + Hour + Hour, Jobs.Options).Phase.Should().Be(JobPhase.Polling);
    }

    [Fact]
    public void SecondLook_WithAnotherCost_ChangesNothing()
    {
        var job = Jobs.Polling().Polled(Jobs.Done(Reported), Jobs.Start + Soon, Jobs.Options);

        job.Polled(Jobs.Done(ReportedCost.Of(Jobs.Price * 3)), Jobs.Start + Hour, Jobs.Options).Should().BeSameAs(job);
        job.Polled(Of(VideoPollKind.Failed, 200), Jobs.Start + Hour, Jobs.Options).Should().BeSameAs(job);
    }

    [Fact]
    public void Progress_ThatFalls_IsNotShown()
    {
        var job = Jobs.Polling().Polled(Jobs.Pending(56), Jobs.Start + Soon, Jobs.Options);

        job.Polled(Jobs.Pending(18), Jobs.Start + Soon, Jobs.Options).Should().BeSameAs(job);
        job.Progress.Should().Be(56);
    }

    [Theory]
    [InlineData("invalid_argument", "invalid_request_error")]
    [InlineData("failed_precondition", "invalid_request_error")]
    [InlineData("permission_denied", "content_moderated")]
    [InlineData("service_unavailable", "provider_error")]
    [InlineData("internal_error", "provider_error")]
    [InlineData(null, "provider_error")]
    public void Failure_ByItsCode_IsToldAs(string? code, string type) =>
        Jobs.Polling().Polled(Of(VideoPollKind.Failed, 200) with { Code = code, Message = "why" }, Jobs.Start, Jobs.Options).Error
            .Should().BeEquivalentTo(new { Type = type, Message = "xAI failed at the video: why" });

    private static VideoPoll Of(VideoPollKind kind, int status, ReportedCost cost = default) => new() { Kind = kind, Status = status, Cost = cost };

    public sealed record Row(
        string What, VideoPoll Answer, TimeSpan After, HoldEndKind? End = null, JobPhase? Result = null, UsdTicks Cost = default, CostSource Source = CostSource.Provider)
    {
        public override string ToString() => What;
    }
}
