using LlmTr.Grains.Video;
using LlmTr.Xai.Video;

namespace LlmTr.Grains.Tests.Video;

/// <summary>How long a job pauses before it tries again what did not work.</summary>
public sealed class RetryPauseTests : IDisposable
{
    private readonly JobScene _scene = new(Jobs.Price.Value * 10);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Job_ThatCannotBeSent_IsTriedLessAndLessOftenUntilItsTimeIsOver()
    {
        _scene.Starts = VideoStart.NeverSent;
        var host = await _scene.BegunAsync();

        var pauses = await _scene.RunAsync(host);

        pauses[0].Should().Be(Jobs.Options.FirstRetry);
        pauses.Should().BeInAscendingOrder().And.OnlyContain(static pause => pause <= Jobs.Options.LongestRetry);
        pauses.Count(static pause => pause < Jobs.Options.LongestRetry).Should().Be(8, "each pause is half as long again as the one before");
        Count("post").Should().BeInRange(100, 140, "10 minutes have that many pauses of 5 s");
        (host.Job!.Phase, host.Job.Error!.Type).Should().Be((JobPhase.Failed, "provider_unavailable"));
        _scene.Account.Account.OpenHoldCount.Should().Be(0);
    }

    [Fact]
    public async Task Pauses_AfterSomethingHasWorked_BeginAnew()
    {
        _scene.Starts = VideoStart.NeverSent;
        _scene.CopyFails = new IOException("no");
        var host = await _scene.BegunAsync();
        var pause = TimeSpan.Zero;
        while (pause < Jobs.Options.LongestRetry)
            _scene.Clock.Advance(pause = (await host.StepAsync())!.Value);

        _scene.Starts = VideoStart.Accepted("xai-id");
        await StepUntilAsync(host, JobPhase.Copying);

        (await host.StepAsync()).Should().Be(Jobs.Options.FirstRetry);
    }

    [Fact]
    public async Task Copy_ThatFailsAgain_IsTriedLater()
    {
        _scene.CopyFails = new IOException("no");
        var host = await _scene.BegunAsync();
        await StepUntilAsync(host, JobPhase.Copying);

        var pauses = await _scene.RunAsync(host);

        pauses.Should().Equal(Jobs.Options.FirstRetry, Jobs.Options.FirstRetry * 1.5);
        (host.Job!.Phase, host.Job.File).Should().Be((JobPhase.Succeeded, null));
    }

    [Fact]
    public async Task Account_ThatDoesNotAnswer_IsAskedLessAndLessOften()
    {
        var host = await _scene.BegunAsync();
        var pauses = new List<TimeSpan>();
        for (var ask = 0; ask < 12; ask++)
        {
            _scene.LoseAnswer("hold");
            pauses.Add((await host.StepAsync())!.Value);
        }

        pauses.Should().BeInAscendingOrder();
        (pauses[0], pauses[^1]).Should().Be((Jobs.Options.FirstRetry, Jobs.Options.LongestRetry));
    }

    private int Count(string what) => _scene.Story.Count(done => done == what);

    private async Task StepUntilAsync(DurableVideoJob host, JobPhase phase)
    {
        while (host.Job!.Phase != phase)
            _scene.Clock.Advance((await host.StepAsync())!.Value);
    }
}
