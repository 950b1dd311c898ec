using System.Net;
using System.Text.Json;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Recording;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>The time of videos under a test's control, the troubles of looking, and the books of many.</summary>
public sealed class VideoTimeTests : VideoTest
{
    private readonly SteppedClock _clock = new();

    protected override SimulatorOptions Options => new() { Time = _clock, KeptRequests = 100 };

    [Fact]
    public async Task Clock_DecidesWhenAVideoIsDone()
    {
        var id = await StartAsync(Clip("[[sim:takes_ms=100000]]"));
        var progress = new List<int>();
        foreach (var second in new[] { 0, 84, 86, 91, 99 })
        {
            _clock.Set(TimeSpan.FromSeconds(second));
            progress.Add(JsonElement.Parse((await LookAsync(id)).Text).GetProperty("progress").GetInt32());
        }

        progress.Should().Equal(1, 1, 18, 56, 94);
        Simulator.VideoBooks.Pending.Should().Be(1);
        _clock.Set(TimeSpan.FromSeconds(100));
        Simulator.VideoBooks.Should().Be(new VideoBooks(1, 0, 1, 0, 0, new UsdTicks(2_500_000_000), 1), "it is done whether or not anyone looks");
        (await LookAsync(id)).Status.Should().Be(200);
    }

    [Fact]
    public async Task Never_IsPending_UntilATestEndsIt()
    {
        var id = await StartAsync(Clip("[[sim:video=never]]"));
        var other = await StartAsync(Clip("[[sim:video=never]] other"));
        for (var i = 0; i < 5; i++)
            (await LookAsync(id)).Should().Be((202, """{"status":"pending","progress":1}"""));

        Simulator.FinishVideos(id);

        (await LookAsync(id)).Text.Should().Contain("\"status\":\"done\"");
        (await LookAsync(other)).Status.Should().Be(202);
        using var control = await Client.PostAsync(new Uri(Simulator.BaseUrl, "/_sim/videos/finish"), null, Bound);
        (await LookAsync(other)).Status.Should().Be(200);
    }

    [Fact]
    public async Task Pending_CanHaveNoBody()
    {
        var id = await StartAsync(Clip("[[sim:empty_pending]]"));

        (await LookAsync(id)).Should().Be((202, ""));
    }

    [Fact]
    public async Task Grace_IsA404ForAJobThatIsThere_ThenTroubles_ThenAllIsWell()
    {
        var id = await StartAsync(Clip("[[sim:grace=2;poll_faults=2;poll_fault=edge-page;polls=1]]"));
        var statuses = new List<int>();
        for (var i = 0; i < 6; i++)
            statuses.Add((await LookAsync(id)).Status);

        statuses.Should().Equal(404, 404, 502, 502, 202, 200);
    }

    [Fact]
    public async Task Script_ForTheLooksAtOneJob_DoesNotUseUpItsTime()
    {
        var id = await StartAsync(Clip("red [[sim:polls=1]]"));
        var other = await StartAsync(Clip("blue"));
        Simulator.Enqueue(
            new Behaviour { Status = 500 }, times: 2, match: new RequestMatch { Method = "GET", PathStart = "/v1/videos/", PromptContains = "red" });

        (await LookAsync(other)).Status.Should().Be(202);
        (await LookAsync(id)).Status.Should().Be(500);
        (await LookAsync(id)).Status.Should().Be(500);
        (await LookAsync(id)).Status.Should().Be(202);
        (await LookAsync(id)).Status.Should().Be(200);
    }

    [Fact]
    public async Task Id_ThatNobodyStarted_Is404_AndTheKeyIsAsked()
    {
        (await LookAsync("c0ffee00-1111-4222-8333-444455556666")).Should().Be((404, """{"code":"not-found","error":"The requested video does not exist."}"""));
        Client.DefaultRequestHeaders.Authorization = null;
        (await LookAsync("c0ffee00-1111-4222-8333-444455556666")).Status.Should().Be(401);
    }

    [Fact]
    public async Task Books_CountEachStart_AndSumWhatSucceeded()
    {
        await StartAsync(Clip("twice"));
        await StartAsync(Clip("twice"));
        await StartAsync(Clip("[[sim:video=failed]]"));
        await StartAsync(Clip("[[sim:video=moderated]]"));
        await StartAsync(Clip("[[sim:video=never]]"));
        foreach (var video in Simulator.Videos)
        {
            for (var i = 0; i < 3; i++)
                await LookAsync(video.RequestId);
        }

        Simulator.VideoBooks.Should().Be(new VideoBooks(5, 1, 2, 1, 1, new UsdTicks(5_000_000_000), 2));
        using var response = await GetAsync("/_sim/videos");
        var json = JsonElement.Parse(await response.Content.ReadAsStringAsync(Bound));
        json.GetProperty("succeeded_ticks").GetInt64().Should().Be(5_000_000_000);
        json.GetProperty("most_of_one_prompt").GetInt32().Should().Be(2);
        json.GetProperty("videos")[2].GetProperty("state").GetString().Should().Be("failed");
        using var books = await GetAsync("/_sim/books");
        var billed = JsonElement.Parse(await books.Content.ReadAsStringAsync(Bound)).GetProperty("billed_by_id");
        billed.EnumerateObject().Should().HaveCount(5, "one line for each job, however many requests it had");
        billed.GetProperty(Simulator.Videos[0].RequestId).GetInt64().Should().Be(2_500_000_000);

        Simulator.ResetBooks();
        Simulator.VideoBooks.Started.Should().Be(0);
    }

    [Fact]
    public async Task ManyOpenJobs_AreRemembered_HoweverFewRequestsAre()
    {
        const int jobs = 1_000;
        await Parallel.ForEachAsync(Enumerable.Range(0, jobs), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Bound }, async (i, _) =>
        {
            var id = await StartAsync(Clip($"job {i}"));
            (await LookAsync(id)).Status.Should().Be(202);
        });

        Simulator.Requests.Should().HaveCount(100);
        Simulator.VideoBooks.Should().Be(new VideoBooks(jobs, jobs, 0, 0, 0, UsdTicks.Zero, 1));
    }

    /// <summary>A clock that a test sets; timers are the real ones.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

        private long _ticks = Start.Ticks;

        public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

        public void Set(TimeSpan sinceStart) => Volatile.Write(ref _ticks, (Start + sinceStart).Ticks);
    }
}

/// <summary>A simulator whose videos take a time of their own.</summary>
public sealed class VideoUsualTimeTests : VideoTest
{
    protected override SimulatorOptions Options => new() { VideoTime = TimeSpan.FromHours(1) };

    [Fact]
    public async Task UsualTime_IsForVideosWithoutAnother()
    {
        var usual = await StartAsync(Clip());
        var own = await StartAsync(Clip("[[sim:polls=1]]"));
        for (var i = 0; i < 4; i++)
            (await LookAsync(usual)).Status.Should().Be((int)HttpStatusCode.Accepted);

        (await LookAsync(own)).Status.Should().Be(202);
        (await LookAsync(own)).Status.Should().Be(200);
    }
}
