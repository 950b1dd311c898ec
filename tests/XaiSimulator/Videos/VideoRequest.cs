using System.Globalization;
using System.Text.Json;
using LlmTr.XaiSimulator.Images;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Videos;

/// <summary>A request for a video (xAI contract, section 6.1).</summary>
internal sealed record VideoRequest
{
    /// <summary>Every member that xAI's reference knows.</summary>
    public static IReadOnlyList<string> KnownFields { get; } =
    [
        "model", "prompt", "duration", "seconds", "aspect_ratio", "resolution", "image", "input_reference", "reference_images", "reference_audios",
        "generate_audio", "output", "storage_options", "user",
    ];

    private const long UsualSeconds = 8;

    // Two names for the same.
    private static readonly string[] FirstFrames = ["image", "input_reference"];

    public required string? Model { get; init; }

    /// <summary>Null where it is left out.</summary>
    public required string? Prompt { get; init; }

    public required long Seconds { get; init; }

    public required string Resolution { get; init; }

    /// <summary>The first frame, or the references.</summary>
    public required IReadOnlyList<InputImage> Images { get; init; }

    /// <summary>How many of them are references.</summary>
    public required int References { get; init; }

    /// <summary>Reads a request.</summary>
    public static VideoRequest Read(JsonElement root, Types types)
    {
        types.Word(root, "aspect_ratio", "1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3");
        types.Array(root, "reference_audios");
        types.Flag(root, "generate_audio");
        types.Object(root, "output");
        types.Object(root, "storage_options");
        types.Text(root, "user");
        var references = types.Array(root, "reference_images").Select((image, i) => InputImage.Read($"reference_images[{i}]", image, types)).ToList();
        var frames = FirstFrames.Where(name => Types.Member(root, name) is not null)
            .Select(name => InputImage.Read(name, root.GetProperty(name), types));
        return new VideoRequest
        {
            Model = types.Text(root, "model"),
            Prompt = types.Text(root, "prompt"),
            Seconds = ReadSeconds(root, "duration", types) ?? ReadSeconds(root, "seconds", types) ?? UsualSeconds,
            Resolution = types.Word(root, "resolution", "480p", "720p", "1080p") ?? "480p",
            Images = [.. frames, .. references],
            References = references.Count,
        };
    }

    /// <summary>A whole number, or one in a string.</summary>
    private static long? ReadSeconds(JsonElement root, string name, Types types) =>
        Types.Member(root, name) is { ValueKind: JsonValueKind.String } text && long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : types.Count(root, name);
}
