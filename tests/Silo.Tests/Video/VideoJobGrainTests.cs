using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Video;

namespace LlmTr.Silo.Tests.Video;

public sealed class VideoJobGrainTests(VideoJobGrainTests.TwoSilos silos) : IClassFixture<VideoJobGrainTests.TwoSilos>
{
    private const string Key = "key_1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly VideoCluster _cluster = silos.Cluster;

    [Fact]
    public async Task Job_FromStartToEnd_IsSentOnceSettledOnceAndClosed()
    {
        var key = await KeyAsync("whole");
        _cluster.Xai.OnPoll = static (_, number) => Task.FromResult(number < 4 ? ScriptedVideos.Pending : ScriptedVideos.Done);

        var reply = await _cluster.Job("whole").Start(Command("whole"));
        reply.Outcome.Should().Be(StartVideoOutcome.Begun);
        var job = await _cluster.WaitUntilOverAsync("whole", "whole");

        job.Should().BeEquivalentTo(new
        {
            Status = VideoJobStatus.Succeeded,
            Progress = 100,
            SecondsGenerated = 5,
            Cost = (UsdTicks?)SampleJobs.Price,
            CostSource = CostSource.Provider,
            Charged = (UsdTicks?)SampleJobs.Price,
        });
        job.File!.Name.Should().Be("whole.mp4");
        _cluster.Xai.PostsOf("whole").Should().Be(1);
        (await key.Read()).Should().BeEquivalentTo(new { Held = UsdTicks.Zero, Charged = SampleJobs.Price, SettledRequests = 1L, OpenHolds = 0 });
        await _cluster.WaitUntilClosedAsync();
    }

    [Fact]
    public async Task SameRequests_ManyAtOnce_AreOneJob()
    {
        var key = await KeyAsync("many");
        _cluster.Xai.OnPoll = static (_, _) => Task.FromResult(ScriptedVideos.Done);

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => _cluster.Job("many").Start(Command("many"))));

        replies.Should().OnlyContain(static reply => reply.Outcome == StartVideoOutcome.Begun);
        replies.Select(static reply => reply.Job!.HoldId).Distinct().Should().ContainSingle();
        (await _cluster.WaitUntilOverAsync("many", "many")).Status.Should().Be(VideoJobStatus.Succeeded);
        _cluster.Xai.PostsOf("many").Should().Be(1);
        (await key.Read())!.SettledRequests.Should().Be(1);
        (await _cluster.Job("many").Start(Command("many"))).Job!.Status.Should().Be(VideoJobStatus.Succeeded);
    }

    [Fact]
    public async Task AnotherBody_UnderTheSameId_IsAConflict()
    {
        await KeyAsync("conflict");
        await _cluster.Job("conflict").Start(Command("conflict"));

        (await _cluster.Job("conflict").Start(Command("conflict") with { Body = Fingerprint.Of("other"u8) })).Outcome.Should().Be(StartVideoOutcome.Conflict);
    }

    [Fact]
    public async Task Refusal_LeavesNothingBehindAndTheSameRequestBeginsAnewAfterATopUp()
    {
        var key = await KeyAsync("poor", credit: 1);

        var refused = await _cluster.Job("poor").Start(Command("poor"));

        (refused.Outcome, refused.Refusal!.Outcome).Should().Be((StartVideoOutcome.Refused, PlaceHoldOutcome.InsufficientBalance));
        (await _cluster.Jobs.ReadAsync("poor", default)).Should().BeNull();
        (await _cluster.Job("poor").Read("poor")).Should().BeNull();
        await key.Credit(new Credit { CreditId = "more", Amount = SampleJobs.Price, Reference = "r", Note = "n", Actor = "a" });
        (await _cluster.Job("poor").Start(Command("poor"))).Outcome.Should().Be(StartVideoOutcome.Begun);
        (await _cluster.WaitUntilOverAsync("poor", "poor")).Status.Should().Be(VideoJobStatus.Succeeded);
    }

    [Fact]
    public async Task Refusal_OfAJobThatWasTakenUp_EndsItsHoldForGoodAndTheNextRequestBeginsAnew()
    {
        var key = await KeyAsync("taken", credit: 1);
        var command = Command("taken");
        await _cluster.Markers.OpenAsync(new OpenMarker("taken", "m", TimeProvider.System.GetUtcNow()), default);
        await _cluster.Jobs.WriteAsync("taken", VideoJob.Begin(command, "m", TimeProvider.System.GetUtcNow()), null, default);
        await _cluster.WaitUntilClosedAsync();

        (await _cluster.Jobs.ReadAsync("taken", default)).Should().BeNull();
        await key.Credit(new Credit { CreditId = "more", Amount = SampleJobs.Price, Reference = "r", Note = "n", Actor = "a" });
        var repeated = await _cluster.Job("taken").Start(command);
        (repeated.Outcome, repeated.Refusal!.Outcome).Should().Be((StartVideoOutcome.Refused, PlaceHoldOutcome.Ended), "the host that began it may have asked, and the job was taken away");
        (await key.Read())!.OpenHolds.Should().Be(0);
        (await _cluster.Job("taken").Start(Command("taken"))).Outcome.Should().Be(StartVideoOutcome.Begun);
        (await _cluster.WaitUntilOverAsync("taken", "taken")).Status.Should().Be(VideoJobStatus.Succeeded);
    }

    [Fact]
    public async Task Job_OfAnotherKey_IsNotShown()
    {
        await KeyAsync("mine");
        await _cluster.Job("mine").Start(Command("mine"));

        (await _cluster.Job("mine").Read("other")).Should().BeNull();
        (await _cluster.Job("mine").Wait("other", Patience)).Should().BeNull();
        (await _cluster.Job("mine").Read(null)).Should().NotBeNull();
    }

    [Fact]
    public async Task Moderated_WithACost_IsChargedAndSaysSo()
    {
        var key = await KeyAsync("moderated");
        _cluster.Xai.OnPoll = static (_, _) => Task.FromResult(new VideoPoll { Kind = VideoPollKind.Moderated, Cost = ReportedCost.Of(new UsdTicks(7)) });

        await _cluster.Job("moderated").Start(Command("moderated"));

        (await _cluster.WaitUntilOverAsync("moderated", "moderated")).Should().BeEquivalentTo(new { Status = VideoJobStatus.Failed, ErrorType = "content_moderated", Charged = (UsdTicks?)new UsdTicks(7) });
        (await key.Read()).Should().BeEquivalentTo(new { Charged = new UsdTicks(7), Held = UsdTicks.Zero });
    }

    [Fact]
    public async Task CopyThatFails_LeavesTheProvidersUrlAndTheChargeAsItIs()
    {
        var key = await KeyAsync("uncopied");
        _cluster.Files.Fails = new IOException("no");
        _cluster.Xai.OnPoll = static (_, _) => Task.FromResult(ScriptedVideos.Done);
        try
        {
            await _cluster.Job("uncopied").Start(Command("uncopied"));

            (await _cluster.WaitUntilOverAsync("uncopied", "uncopied")).Should().BeEquivalentTo(new { Status = VideoJobStatus.Succeeded, File = (VideoFile?)null, ProviderUrl = ScriptedVideos.Done.Url });
        }
        finally
        {
            _cluster.Files.Fails = null;
        }

        (await key.Read())!.Charged.Should().Be(SampleJobs.Price);
    }

    [Fact]
    public async Task LedgerThatIsAway_WhenTheVideoIsDone_IsToldWhenItIsBack()
    {
        var key = await KeyAsync("ledger");
        var done = new TaskCompletionSource();
        _cluster.Xai.OnPoll = async (_, _) =>
        {
            await done.Task;
            return ScriptedVideos.Done;
        };
        await _cluster.Job("ledger").Start(Command("ledger"));
        _cluster.Ledgers.BeforeAppend = Task.FromException(new IOException("away"));
        done.SetResult();
        while ((await _cluster.Jobs.ReadAsync("ledger", default))!.Job.Phase != JobPhase.Settling)
            await Task.Delay(10);

        _cluster.Ledgers.BeforeAppend = Task.CompletedTask;

        (await _cluster.WaitUntilOverAsync("ledger", "ledger")).Status.Should().Be(VideoJobStatus.Succeeded);
        (await key.Read())!.SettledRequests.Should().Be(1);
    }

    [Fact]
    public async Task OldMarkerWithoutAJob_IsClearedAwayAndTheJobMayBeginAfterAll()
    {
        await KeyAsync("grave");
        await _cluster.Markers.OpenAsync(new OpenMarker("grave", "t", DateTimeOffset.UnixEpoch), default);

        await _cluster.WaitUntilClosedAsync();

        (await _cluster.Jobs.ReadAsync("grave", default))!.Job.Phase.Should().Be(JobPhase.Tombstone);
        (await _cluster.Job("grave").Read("grave")).Should().BeNull();
        (await _cluster.Job("grave").Start(Command("grave"))).Outcome.Should().Be(StartVideoOutcome.Begun);
    }

    [Fact]
    public async Task Job_ThatNobodyCallsFor_IsTakenUpByTheSweeper()
    {
        var key = await KeyAsync("asleep");
        var job = VideoJob.Begin(Command("asleep"), "m", TimeProvider.System.GetUtcNow());
        await _cluster.Markers.OpenAsync(new OpenMarker("asleep", "m", TimeProvider.System.GetUtcNow()), default);
        await _cluster.Jobs.WriteAsync("asleep", job, null, default);

        await _cluster.WaitUntilClosedAsync();

        (await _cluster.Jobs.ReadAsync("asleep", default))!.Job.Phase.Should().Be(JobPhase.Succeeded);
        (await key.Read())!.SettledRequests.Should().Be(1);
    }

    [Fact]
    public async Task List_OfAKey_ShowsItsJobsOnly()
    {
        await KeyAsync("lister");
        await _cluster.Job("l1").Start(Command("lister", "l1"));
        await _cluster.Job("l2").Start(Command("lister", "l2"));

        var page = await _cluster.Directory.List(new VideoJobQuery { KeyId = "lister", Limit = 10 });

        page.Jobs.Select(static job => job.Id).Should().BeEquivalentTo("l1", "l2");
        page.HasMore.Should().BeFalse();
    }

    private async Task<IApiKeyGrain> KeyAsync(string id, long? credit = null) => await _cluster.IssuedKeyAsync(id, credit ?? SampleJobs.Price.Value * 10);

    private static StartVideo Command(string key, string? prompt = null) => SampleJobs.Command(key, "body") with { Prompt = prompt ?? key };

    /// <summary>Two, so that a job is as often as not on the other side of a connection between silos. Each test has a key and jobs of its own.</summary>
    public sealed class TwoSilos : IAsyncLifetime
    {
        internal VideoCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() => Cluster = await VideoCluster.StartAsync(silos: 2);

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }
}
