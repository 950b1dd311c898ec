using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Xai.Video;

namespace LlmTr.Silo.Tests.Video;

public sealed class SiloFailureTests
{
    [Fact]
    public async Task SiloThatDies_WithJobsOnIt_LosesNoneAndSendsNoneTwice()
    {
        const int jobs = 40;
        await using var cluster = await VideoCluster.StartAsync(silos: 3);
        var key = await cluster.IssuedKeyAsync("key_1", SampleJobs.Price.Value * jobs);
        var isDone = false;
        cluster.Xai.OnPoll = (_, _) => Task.FromResult(Volatile.Read(ref isDone) ? ScriptedVideos.Done : ScriptedVideos.Pending);
        for (var i = 0; i < jobs; i++)
            (await cluster.Job($"job{i}").Start(SampleJobs.Command(body: "b") with { Prompt = $"job{i}" })).Outcome.Should().Be(StartVideoOutcome.Begun);
        while (Enumerable.Range(0, jobs).Any(i => cluster.Xai.PollsOf($"job{i}") == 0))
            await Task.Delay(10);

        await cluster.Silos.KillSiloAsync(cluster.Silos.Silos[1]);
        Volatile.Write(ref isDone, true);

        for (var i = 0; i < jobs; i++)
        {
            (await cluster.WaitUntilOverAsync($"job{i}")).Status.Should().Be(VideoJobStatus.Succeeded);
            cluster.Xai.PostsOf($"job{i}").Should().Be(1);
        }

        (await key.Read()).Should().BeEquivalentTo(new { Charged = SampleJobs.Price * jobs, Held = UsdTicks.Zero, SettledRequests = (long)jobs });
    }

    [Fact]
    public async Task SiloThatStops_InTheMiddleOfAPost_WritesItsAnswerBeforeItGoes()
    {
        await using var cluster = await VideoCluster.StartAsync(silos: 2);
        await cluster.IssuedKeyAsync("key_1", SampleJobs.Price.Value);
        var (sent, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        cluster.Xai.OnStart = async _ =>
        {
            sent.SetResult();
            await answer.Task;
            return VideoStart.Accepted("id");
        };
        await cluster.Job("job").Start(SampleJobs.Command() with { Prompt = "job" });
        await sent.Task;

        var gone = cluster.Silos.DeactivateAsync(cluster.Job("job"));
        answer.SetResult();
        await gone;

        (await cluster.WaitUntilOverAsync("job")).Status.Should().Be(VideoJobStatus.Succeeded);
        cluster.Xai.PostsOf("job").Should().Be(1);
    }

    [Fact]
    public async Task PostThatNobodyAnswersFor_IsGivenUpAndNeverSentAgain()
    {
        await using var cluster = await VideoCluster.StartAsync(silos: 1, static options =>
        {
            options.SubmitLimit = TimeSpan.FromMilliseconds(200);
            options.SubmitMargin = TimeSpan.FromMilliseconds(200);
        });
        var key = await cluster.IssuedKeyAsync("key_1", SampleJobs.Price.Value);
        var job = VideoJob.Begin(SampleJobs.Command(), "m", TimeProvider.System.GetUtcNow());
        await key.PlaceHold(job.Hold(new VideoJobOptions()));
        await cluster.Markers.OpenAsync(new OpenMarker("job", "m", TimeProvider.System.GetUtcNow()), default);
        await cluster.Jobs.WriteAsync("job", job.MoneyHeld().Claimed("of a process that died", TimeProvider.System.GetUtcNow()), null, default);

        var over = await cluster.WaitUntilOverAsync("job");

        over.Should().BeEquivalentTo(new { Status = VideoJobStatus.Failed, ErrorType = "submission_unknown", Charged = (UsdTicks?)null });
        cluster.Xai.PostsOf("a prompt").Should().Be(0);
        (await key.Read()).Should().BeEquivalentTo(new { OpenCases = 1, OpenHolds = 0, Held = UsdTicks.Zero, Charged = UsdTicks.Zero });
    }
}
