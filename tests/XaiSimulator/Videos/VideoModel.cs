using LlmTr.Money;

namespace LlmTr.XaiSimulator.Videos;

/// <summary>A video model of xAI and what it costs, in ticks (xAI contract, sections 6.4 and 10.8).</summary>
/// <param name="Id">Its name.</param>
/// <param name="PerSecond">The price of a second by resolution; those that are missing are refused.</param>
/// <param name="Input">The price of an image that comes in.</param>
internal sealed record VideoModel(string Id, IReadOnlyDictionary<string, UsdTicks> PerSecond, UsdTicks Input)
{
    /// <summary>All that are known by their prices.</summary>
    public static IReadOnlyList<VideoModel> All { get; } =
    [
        new("grok-imagine-video", new Dictionary<string, UsdTicks> { ["480p"] = new(500_000_000), ["720p"] = new(700_000_000) }, new UsdTicks(20_000_000)),
        new("grok-imagine-video-1.5",
            new Dictionary<string, UsdTicks> { ["480p"] = new(800_000_000), ["720p"] = new(1_400_000_000), ["1080p"] = new(2_500_000_000) },
            new UsdTicks(100_000_000)),
    ];

    /// <summary>What answers a request that names no model; which model does is not known.</summary>
    public static VideoModel Usual => All[0];

    /// <summary>The model of that name, or null.</summary>
    public static VideoModel? Find(string id) => All.FirstOrDefault(model => model.Id == id);

    /// <summary>What a video costs: its seconds, and each image that came in. That a reference image costs what a first frame does is a guess.</summary>
    public UsdTicks Cost(VideoRequest request) => (PerSecond[request.Resolution] * request.Seconds) + (Input * request.Images.Count);
}
