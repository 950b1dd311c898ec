using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using LlmTr.Api.Tests.Processes;
using LlmTr.Api.Tests.Running;
using LlmTr.XaiSimulator;
using Xunit.Abstractions;

namespace LlmTr.Api.Tests.Video;

/// <summary>
/// Many open jobs in one process: memory, polls per second, and the time until all are polled again after a <c>kill -9</c>. <c>VIDEO_OPEN_JOBS</c> says how many (200 by default;
/// docs/video-jobs.md has the numbers for 10,000).
/// </summary>
public sealed class OpenJobsMeasurement(ITestOutputHelper output)
{
    [Fact]
    public async Task OpenJobs_InOneProcess_ArePolledAndTakenUpAgainWithoutAStampede()
    {
        var jobs = int.Parse(Environment.GetEnvironmentVariable("VIDEO_OPEN_JOBS") ?? "200", CultureInfo.InvariantCulture);
        var data = Directory.CreateTempSubdirectory("llmtr-test-").FullName;
        await using var xai = await Simulator.StartAsync(new SimulatorOptions { KeptRequests = 10 });
        try
        {
            var began = Stopwatch.GetTimestamp();
            long empty, full;
            await using (var first = await GatewayProcess.StartAsync(xai.BaseUrl, xai.ApiKey, data))
            {
                var key = await first.AdminAsync(HttpMethod.Post, "/admin/v1/keys", """{"label":"load","credit_usd":100000}""");
                empty = first.WorkingSetBytes;
                await Parallel.ForEachAsync(Enumerable.Range(0, jobs), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
                {
                    var body = JsonSerializer.Serialize(new { model = "xai/grok-imagine-video", prompt = $"[[sim:video=never]] {i}", duration_seconds = 1, max_wait_seconds = 0 });
                    using var response = await first.SendAsync(HttpMethod.Post, VideoGateway.Path, key.Text("key"), body);
                    response.StatusCode.Should().Be(HttpStatusCode.Accepted);
                });
                output.WriteLine($"{jobs} jobs were begun in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s.");
                while (xai.Videos.Any(static video => video.Looks == 0))
                    await Task.Delay(200);
                await Task.Delay(TimeSpan.FromSeconds(10));
                full = first.WorkingSetBytes;
                var (looks, processor, at) = (Looks(xai), first.ProcessorTime, Stopwatch.GetTimestamp());
                await Task.Delay(TimeSpan.FromSeconds(20));
                var seconds = Stopwatch.GetElapsedTime(at).TotalSeconds;
                output.WriteLine(
                    $"Memory {empty / 1048576} MiB without, {full / 1048576} MiB with them; {(Looks(xai) - looks) / seconds:F0} polls a second, {(first.ProcessorTime - processor).TotalSeconds / seconds * 100:F0} % of a core.");
                await first.KillAsync();
            }

            var before = xai.Videos.ToDictionary(static video => video.RequestId, static video => video.Looks);
            await using var second = await GatewayProcess.StartAsync(xai.BaseUrl, xai.ApiKey, data);
            var restarted = Stopwatch.GetTimestamp();
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            while (xai.Videos.Any(video => before[video.RequestId] == video.Looks))
                await Task.Delay(100, limit.Token);
            output.WriteLine($"All were polled again {Stopwatch.GetElapsedTime(restarted).TotalSeconds:F1} s after the killed gateway's successor answered.");

            xai.VideoBooks.MostOfOnePrompt.Should().Be(1);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static long Looks(Simulator xai) => xai.Videos.Sum(static video => video.Looks);
}
