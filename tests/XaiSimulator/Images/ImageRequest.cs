using System.Text.Json;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Images;

/// <summary>A request for images (xAI contract, sections 5.1 and 5.2).</summary>
internal sealed record ImageRequest
{
    private static readonly string[] AspectRatios =
    [
        "1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "9:19.5", "19.5:9", "9:20", "20:9", "1:2", "2:1", "21:9", "5:2", "auto",
    ];

    /// <summary>The members of a generation.</summary>
    public static IReadOnlyList<string> KnownFields { get; } =
        ["prompt", "model", "n", "aspect_ratio", "resolution", "quality", "response_format", "user", "storage_options", "size"];

    /// <summary>The members of an edit beside those.</summary>
    public static IReadOnlyList<string> EditFields { get; } = ["image", "images"];

    public required string? Model { get; init; }

    public required string Prompt { get; init; }

    public required long Count { get; init; }

    public required string Resolution { get; init; }

    public required string? Quality { get; init; }

    public required bool IsBase64 { get; init; }

    public required bool HasSize { get; init; }

    /// <summary>True with both <c>image</c> and <c>images</c>.</summary>
    public required bool HasBothSources { get; init; }

    /// <summary>The images that come in; none of a generation.</summary>
    public required IReadOnlyList<InputImage> Sources { get; init; }

    /// <summary>Reads a generation. <c>image</c> and <c>images</c> are no members of it, and are passed over like any other.</summary>
    public static ImageRequest ReadGeneration(JsonElement root, Types types) => Read(root, types, isEdit: false);

    /// <summary>Reads an edit.</summary>
    public static ImageRequest ReadEdit(JsonElement root, Types types) => Read(root, types, isEdit: true);

    private static ImageRequest Read(JsonElement root, Types types, bool isEdit)
    {
        types.Word(root, "aspect_ratio", AspectRatios);
        types.Text(root, "user");
        types.Object(root, "storage_options");
        var single = isEdit ? Types.Member(root, "image") : null;
        var several = isEdit ? types.Array(root, "images") : [];
        return new ImageRequest
        {
            Model = types.Text(root, "model"),
            Prompt = types.RequiredText(root, "prompt"),
            Count = types.Count(root, "n") ?? 1,
            Resolution = types.Word(root, "resolution", "1k", "2k") ?? "1k",
            Quality = types.Word(root, "quality", "low", "medium", "auto"),
            IsBase64 = types.Word(root, "response_format", "url", "b64_json") == "b64_json",
            HasSize = Types.Member(root, "size") is not null,
            HasBothSources = single is not null && isEdit && Types.Member(root, "images") is not null,
            Sources = single is { } one
                ? [InputImage.Read("image", one, types)]
                : [.. several.Select((image, i) => InputImage.Read($"images[{i}]", image, types))],
        };
    }
}
