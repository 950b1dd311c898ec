using System.Collections.Concurrent;
using LlmTr.Money;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Video;

namespace LlmTr.Silo.Tests.Video;

/// <summary>xAI's video routes as a test wants them: each order is named by its prompt.</summary>
internal sealed class ScriptedVideos : IXaiVideos
{
    private readonly ConcurrentDictionary<string, int> _posts = new();
    private readonly ConcurrentDictionary<string, int> _polls = new();

    /// <summary>What the POST of a prompt is answered with; null accepts it under the prompt as id.</summary>
    public Func<string, Task<VideoStart?>> OnStart { get; set; } = static _ => Task.FromResult<VideoStart?>(null);

    /// <summary>What a poll is answered with, by id and number of the poll.</summary>
    public Func<string, int, Task<VideoPoll>> OnPoll { get; set; } = static (_, _) => Task.FromResult(Done);

    public static VideoPoll Done { get; } = new()
    {
        Kind = VideoPollKind.Done,
        Url = "https://vidgen.x.ai/v.mp4",
        Seconds = 5,
        Progress = 100,
        Cost = ReportedCost.Of(SampleJobs.Price),
        Status = 200,
    };

    public static VideoPoll Pending { get; } = new() { Kind = VideoPollKind.Pending, Progress = 1, Status = 202 };

    public static UsdTicks Cost => SampleJobs.Price;

    public int PostsOf(string prompt) => _posts.GetValueOrDefault(prompt);

    public int PollsOf(string id) => _polls.GetValueOrDefault(id);

    public async Task<VideoStart> StartAsync(VideoOrder order, ReadOnlyMemory<byte> image, TimeSpan limit)
    {
        _posts.AddOrUpdate(order.Prompt!, 1, static (_, count) => count + 1);
        return await OnStart(order.Prompt!) ?? VideoStart.Accepted(order.Prompt!);
    }

    public Task<VideoPoll> PollAsync(string requestId, TimeSpan limit) => OnPoll(requestId, _polls.AddOrUpdate(requestId, 1, static (_, count) => count + 1));
}
