using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using LlmTr.Api.Tests.Processes;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator;
using Xunit.Abstractions;

namespace LlmTr.Api.Tests.Video;

/// <summary>
/// <c>kill -9</c> at random moments with video jobs in flight: each comes to an end, is sent at most once, and what is charged is what xAI billed for those that succeeded.
/// <c>VIDEO_JOBS</c> (60 by default) and <c>VIDEO_KILLS</c> (3) say how many, <c>SEED</c> repeats the moments of a run.
/// </summary>
public sealed class KilledVideoJobsTests(ITestOutputHelper output)
{
    private const int Customers = 4;

    private readonly ConcurrentDictionary<string, (string Key, string IdempotencyKey)> _wanted = new();
    private readonly ConcurrentDictionary<string, string> _acknowledged = new();

    [Fact]
    public async Task KilledWithJobsInFlight_EveryJobEndsOnceAndIsPaidOnce()
    {
        var jobs = Number("VIDEO_JOBS", 60);
        var kills = Number("VIDEO_KILLS", 3);
        var seed = Number("SEED", Random.Shared.Next());
        output.WriteLine($"{jobs} jobs, {kills} kills, SEED={seed}");
        var random = new Random(seed);
        var data = Directory.CreateTempSubdirectory("llmtr-test-").FullName;
        await using var xai = await Simulator.StartAsync(new SimulatorOptions { KeptRequests = 1_000 });
        try
        {
            var keys = await CreateKeysAsync(xai, data);
            for (var i = 0; i < jobs; i++)
            {
                // Most take a while; some end badly, some stumble.
                var ending = random.Next(10) switch { 0 => ";video=failed", 1 => ";video=flagged", 2 => ";poll_faults=3", 3 => ";grace=2", _ => "" };
                _wanted[$"[[sim:takes_ms={random.Next(kills * 2500)}{ending}]] job {i}"] = (keys[i % Customers].Text, $"k{i}");
            }

            var slowest = TimeSpan.Zero;
            for (var kill = 0; kill < kills; kill++)
            {
                await using var gateway = await StartAsync(xai, data);
                if (kill > 0)
                    slowest = Max(slowest, await PolledAgainAsync(xai));
                using var over = new CancellationTokenSource();
                var load = StartAllAsync(gateway, jobs / kills * (kill + 1), over.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(500 + random.Next(2500)), CancellationToken.None);
                await gateway.KillAsync();
                await over.CancelAsync();
                await load;
            }

            await using var last = await StartAsync(xai, data);
            slowest = Max(slowest, await PolledAgainAsync(xai));
            await StartAllAsync(last, jobs, CancellationToken.None);
            var ends = await EndsAsync(last, keys, jobs);
            output.WriteLine($"Ends: {string.Join(", ", ends.GroupBy(static end => $"{end.Status} {end.Error}").Select(static group => $"{group.Count()} {group.Key}"))}.");
            output.WriteLine($"{xai.VideoBooks.Started} were started at xAI. Slowest until every open job was polled again: {slowest.TotalSeconds:F1} s after the gateway answered.");

            ends.Should().HaveCount(jobs);
            xai.VideoBooks.MostOfOnePrompt.Should().BeLessThanOrEqualTo(1);
            slowest.Should().BeLessThan(TimeSpan.FromSeconds(15));
            _acknowledged.Values.Should().BeSubsetOf(ends.Select(static end => end.Id), "what was acknowledged is there");
            await MoneyShouldAgreeAsync(last, xai, keys, ends);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static int Number(string name, int otherwise) =>
        int.Parse(Environment.GetEnvironmentVariable(name) ?? otherwise.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static Task<GatewayProcess> StartAsync(Simulator xai, string data) => GatewayProcess.StartAsync(
        xai.BaseUrl, xai.ApiKey, data,
        ("Video__SubmitLimit", "00:00:02"), ("Video__SubmitMargin", "00:00:01"), ("Video__LongestPoll", "00:00:03"), ("Video__FirstPoll", "00:00:00.500"));

    private static async Task<(string Id, string Text)[]> CreateKeysAsync(Simulator xai, string data)
    {
        await using var gateway = await StartAsync(xai, data);
        var keys = new List<(string, string)>();
        for (var i = 0; i < Customers; i++)
        {
            var key = await gateway.AdminAsync(HttpMethod.Post, "/admin/v1/keys", """{"label":"load","credit_usd":1000}""");
            keys.Add((key.Text("id"), key.Text("key")));
        }

        await gateway.TerminateAsync();
        await gateway.EndAsync();
        return [.. keys];
    }

    // From the moment that the gateway answers until xAI was asked once more for every video that is being made and was asked for before: an id that was lost with its
    // process is never asked for.
    private static async Task<TimeSpan> PolledAgainAsync(Simulator xai)
    {
        var before = xai.Videos.Where(static video => video is { State: XaiSimulator.Recording.VideoState.Pending, Looks: > 0 })
            .ToDictionary(static video => video.RequestId, static video => video.Looks);
        var began = Stopwatch.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (xai.Videos.Any(video => before.TryGetValue(video.RequestId, out var looks) && video.Looks == looks))
            await Task.Delay(50, limit.Token);
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task StartAllAsync(GatewayProcess gateway, int upTo, CancellationToken over)
    {
        var wanted = _wanted.Where(want => !_acknowledged.ContainsKey(want.Key)).OrderBy(static want => want.Value.IdempotencyKey, StringComparer.Ordinal).Take(upTo).ToArray();
        try
        {
            await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = over }, async (want, _) => await StartAsync(gateway, want.Key, want.Value));
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException)
        {
            // Killed in the middle: what was not acknowledged is asked for again.
        }
    }

    private async Task StartAsync(GatewayProcess gateway, string prompt, (string Key, string IdempotencyKey) want)
    {
        var body = JsonSerializer.Serialize(new { model = "xai/grok-imagine-video", prompt, duration_seconds = 1, max_wait_seconds = 0 });
        using var request = new HttpRequestMessage(HttpMethod.Post, VideoGateway.Path) { Content = new StringContent(body) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {want.Key}");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", want.IdempotencyKey);
        using var response = await gateway.Http.SendAsync(request);
        if (response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.OK)
            _acknowledged[prompt] = (await response.JsonAsync()).Text("id");
    }

    private static async Task<IReadOnlyList<(string Id, string KeyId, string Status, string? Error, long Cost)>> EndsAsync(GatewayProcess gateway, (string Id, string Text)[] keys, int jobs)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            var ends = new List<(string, string, string, string?, long)>();
            foreach (var (id, _) in keys)
            {
                var page = await gateway.AdminAsync(HttpMethod.Get, $"/admin/v1/jobs?key={id}&limit=1000");
                foreach (var job in page.GetProperty("data").EnumerateArray().Where(static job => job.Text("status") is not ("queued" or "in_progress")))
                {
                    var (error, usage) = (job.GetProperty("error"), job.GetProperty("usage"));
                    ends.Add((
                        job.Text("id"), id, job.Text("status"),
                        error.ValueKind == JsonValueKind.Null ? null : error.Text("type"),
                        usage.ValueKind == JsonValueKind.Null ? 0 : usage.Number("cost_in_usd_ticks")));
                }
            }

            if (ends.Count >= jobs)
                return ends;
            await Task.Delay(250, limit.Token);
        }
    }

    private async Task MoneyShouldAgreeAsync(
        GatewayProcess gateway, Simulator xai, (string Id, string Text)[] keys, IReadOnlyList<(string Id, string KeyId, string Status, string? Error, long Cost)> ends)
    {
        var charged = UsdTicks.Zero;
        foreach (var (id, _) in keys)
        {
            var key = await gateway.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{id}");
            key.Number("held_ticks").Should().Be(0, "no hold is open");
            var ofKey = UsdTicks.FromUsd(1000) - new UsdTicks(key.Number("balance_ticks"));
            ofKey.Value.Should().Be(ends.Where(end => end.KeyId == id).Sum(static end => end.Cost), "a key pays what its jobs show");
            charged += ofKey;
        }

        // What succeeded or was moderated at xAI is billed there; a job whose id was lost with its process is the operator's case, and nobody's charge.
        var lost = ends.Count(static end => end.Error is "submission_unknown" or "provider_error" && end.Cost == 0);
        var price = new UsdTicks(500_000_000);
        var billed = xai.Videos.Where(static video => video.State is XaiSimulator.Recording.VideoState.Succeeded or XaiSimulator.Recording.VideoState.Moderated)
            .Aggregate(UsdTicks.Zero, static (sum, video) => sum + video.Cost);
        output.WriteLine($"Charged {charged}, billed {billed}, {lost} jobs ended without a charge by an error.");
        charged.Should().BeLessThanOrEqualTo(billed);
        var succeeded = ends.Count(static end => end.Status == "succeeded");
        ends.Where(static end => end.Status == "succeeded").Should().OnlyContain(end => end.Cost == price.Value);
        ends.Where(static end => end.Status == "succeeded").Sum(static end => end.Cost).Should().Be((price * succeeded).Value);
        (billed - charged).Value.Should().Be(price.Value * ends.Count(end => end.Error is "submission_unknown" && WasBilled(xai, end.Id)), "nothing else is unpaid");
    }

    private bool WasBilled(Simulator xai, string jobId)
    {
        var prompt = _acknowledged.FirstOrDefault(pair => pair.Value == jobId).Key;
        return prompt is not null && xai.Videos.Any(video => video.Prompt == prompt
            && video.State is XaiSimulator.Recording.VideoState.Succeeded or XaiSimulator.Recording.VideoState.Moderated);
    }
}
