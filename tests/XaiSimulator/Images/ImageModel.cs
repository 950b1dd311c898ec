using LlmTr.Money;

namespace LlmTr.XaiSimulator.Images;

/// <summary>An image model of xAI and what it costs, in ticks an image (xAI contract, sections 5.4 and 10.8).</summary>
/// <param name="Id">Its name.</param>
/// <param name="Low">The price at 1k.</param>
/// <param name="Low2K">The price at 2k.</param>
/// <param name="Input">The price of an image that comes in.</param>
internal sealed record ImageModel(string Id, UsdTicks Low, UsdTicks Low2K, UsdTicks Input)
{
    /// <summary>The prices at quality medium; null for a model that has no qualities.</summary>
    public (UsdTicks At1K, UsdTicks At2K)? Medium { get; init; }

    /// <summary>All that are known. The second is a retired name that the third answers at quality low, with its prices since 2 November 2026.</summary>
    public static IReadOnlyList<ImageModel> All { get; } =
    [
        new("grok-imagine-image", new UsdTicks(200_000_000), new UsdTicks(200_000_000), new UsdTicks(20_000_000)),
        new("grok-imagine-image-quality", new UsdTicks(400_000_000), new UsdTicks(600_000_000), new UsdTicks(100_000_000)),
        new("grok-imagine-image-2.0", new UsdTicks(400_000_000), new UsdTicks(600_000_000), new UsdTicks(100_000_000))
        {
            Medium = (new UsdTicks(600_000_000), new UsdTicks(800_000_000)),
        },
    ];

    /// <summary>What answers a request that names no model: it is generated and billed (xAI contract, section 5.1); which model does is not known.</summary>
    public static ImageModel Usual => All[0];

    /// <summary>The model of that name, or null.</summary>
    public static ImageModel? Find(string id) => All.FirstOrDefault(model => model.Id == id);

    /// <summary>The price of one image that is made.</summary>
    public UsdTicks Output(string resolution, bool isMedium) => (resolution, isMedium ? Medium : null) switch
    {
        ("2k", { } medium) => medium.At2K,
        (_, { } medium) => medium.At1K,
        ("2k", _) => Low2K,
        _ => Low,
    };
}
