using System.Diagnostics;
using System.Net;
using LlmTr.Api.Tests.Running;
using Xunit.Abstractions;

namespace LlmTr.Api.Tests.Video;

/// <summary>A caller who waits has the answer, with the file copied and the charge booked, within a second of xAI's end; with the shipped times. Real time, so nothing else may run meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class AnswerDelayTests(ITestOutputHelper output)
{
    private const int Rounds = 5;

    [Fact]
    public async Task Caller_WhoWaits_IsAnsweredWithinASecondOfTheEnd()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.CreateKeyAsync();
        await key.FinishedAsync(VideoGateway.With("", "first, while everything is cold"));
        var delays = new List<TimeSpan>();
        for (var i = 0; i < Rounds; i++)
        {
            var prompt = $"[[sim:video=never]] round {i}";
            var waiting = key.StartVideoAsync(VideoGateway.With("", prompt));
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!gateway.Xai.Videos.Any(video => video.Prompt == prompt && video.Looks >= 3))
                await Task.Delay(10, limit.Token);

            var began = Stopwatch.GetTimestamp();
            gateway.Xai.FinishVideos();
            using var response = await waiting;
            delays.Add(Stopwatch.GetElapsedTime(began));
            response.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        output.WriteLine($"Answered after {string.Join(", ", delays.Select(static delay => $"{delay.TotalMilliseconds:F0}"))} ms.");
        delays.Should().OnlyContain(static delay => delay < TimeSpan.FromSeconds(1));
    }
}
