using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Grains.Video;

/// <summary>How a job is stored: JSON with a schema version. Members are only ever added.</summary>
public static class VideoJobJson
{
    /// <summary>Writes a job.</summary>
    public static byte[] Write(VideoJob job) => JsonSerializer.SerializeToUtf8Bytes(job, VideoJobJsonContext.Default.VideoJob);

    /// <summary>Reads what <see cref="Write"/> wrote, also in an older version.</summary>
    /// <exception cref="InvalidDataException">It is none, or of a newer version.</exception>
    public static VideoJob Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var job = JsonSerializer.Deserialize(json, VideoJobJsonContext.Default.VideoJob) ?? throw new InvalidDataException("A stored video job is null.");
            return job.Schema <= VideoJob.CurrentSchema
                ? job
                : throw new InvalidDataException($"A stored video job has schema {job.Schema}; this version knows up to {VideoJob.CurrentSchema}.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException)
        {
            throw new InvalidDataException("A stored video job cannot be read.", exception);
        }
    }
}

[JsonSourceGenerationOptions(
    Converters = [typeof(UsdTicksJsonConverter), typeof(RequestIdConverter)],
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(VideoJob))]
[SuppressMessage("Performance", "CA1812", Justification = "The JSON source generator makes its instance.")]
internal sealed partial class VideoJobJsonContext : JsonSerializerContext;
