using System.Text.Json;
using LlmTr.XaiSimulator.Images;
using LlmTr.XaiSimulator.Responses;
using LlmTr.XaiSimulator.Videos;

namespace LlmTr.XaiSimulator.Models;

/// <summary>The lists of models. Prices in ticks: of a token, of an image.</summary>
internal static class Listings
{
    private const long ContextLength = 1_000_000;

    // Neither the created times nor the fingerprints and prompt lengths of these are known.
    private const long UnknownCreated = 1773014400;
    private const string UnknownFingerprint = "fp_0000000000000000";
    private const long UnknownPromptLength = 1024;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Listing> All { get; } =
    [
        new("/v1/models", "data", [.. TextModels.All.Select(model => Listed(model, WriteText))]),
        new("/v1/language-models", "models", [.. TextModels.All.Select(model => Listed(model, WriteLanguage))]),
        new("/v1/image-generation-models", "models", [.. ImageModel.All.Select(model => new ListedModel([model.Id], writer => WriteImage(writer, model)))]),
        new("/v1/video-generation-models", "models", [.. VideoModel.All.Select(model => new ListedModel([model.Id], writer => WriteVideo(writer, model)))]),
    ];

    private static ListedModel Listed(TextModel model, Action<Utf8JsonWriter, TextModel> write) =>
        new([model.Id, .. model.Aliases], writer => write(writer, model));

    private static void WriteText(Utf8JsonWriter writer, TextModel model)
    {
        writer.WriteString("id", model.Id);
        writer.WriteStartArray("aliases");
        foreach (var alias in model.Aliases)
            writer.WriteStringValue(alias);
        writer.WriteEndArray();
        writer.WriteNumber("context_length", ContextLength);
        writer.WriteNumber("created", model.Created);
        writer.WriteString("object", "model");
        writer.WriteString("owned_by", "xai");
        writer.WriteNumber("prompt_text_token_price", Pricing.Standard.Input.Value);
        writer.WriteNumber("cached_prompt_text_token_price", Pricing.Standard.Cached.Value);
        writer.WriteNumber("prompt_image_token_price", Pricing.Standard.Input.Value);
        writer.WriteNumber("completion_text_token_price", Pricing.Standard.Output.Value);
        writer.WriteNumber("prompt_text_token_price_long_context", Pricing.LongContext.Input.Value);
        writer.WriteNumber("cached_prompt_text_token_price_long_context", Pricing.LongContext.Cached.Value);
        writer.WriteNumber("completion_text_token_price_long_context", Pricing.LongContext.Output.Value);
        writer.WriteNumber("long_context_threshold", Pricing.LongContextThreshold);
    }

    private static void WriteLanguage(Utf8JsonWriter writer, TextModel model)
    {
        WriteText(writer, model);
        writer.WriteString("fingerprint", UnknownFingerprint);
        writer.WriteString("version", "1.0");
        WriteModalities(writer, ["text", "image"], "text");
        writer.WriteNumber("search_price", 0);
    }

    private static void WriteImage(Utf8JsonWriter writer, ImageModel model)
    {
        WriteMedia(writer, model.Id, ["text", "image"], "image");
        writer.WriteNumber("max_prompt_length", UnknownPromptLength);
        writer.WriteNumber("image_price", model.Low.Value);
        writer.WriteStartArray("pricing");
        WritePrice("low", "1k", model.Low.Value);
        WritePrice("low", "2k", model.Low2K.Value);
        if (model.Medium is { } medium)
        {
            WritePrice("medium", "1k", medium.At1K.Value);
            WritePrice("medium", "2k", medium.At2K.Value);
        }

        writer.WriteEndArray();

        void WritePrice(string quality, string resolution, long ticks)
        {
            writer.WriteStartObject();
            writer.WriteString("quality", quality);
            writer.WriteString("resolution", resolution);
            writer.WriteNumber("price_per_image", ticks);
            writer.WriteEndObject();
        }
    }

    /// <summary>Videos are listed without prices.</summary>
    private static void WriteVideo(Utf8JsonWriter writer, VideoModel model) => WriteMedia(writer, model.Id, ["text", "image", "video"], "video");

    private static void WriteMedia(Utf8JsonWriter writer, string id, string[] inputs, string output)
    {
        writer.WriteString("id", id);
        writer.WriteStartArray("aliases");
        writer.WriteEndArray();
        writer.WriteNumber("created", UnknownCreated);
        writer.WriteString("object", "model");
        writer.WriteString("owned_by", "xai");
        writer.WriteString("fingerprint", UnknownFingerprint);
        writer.WriteString("version", "1.0");
        WriteModalities(writer, inputs, output);
    }

    private static void WriteModalities(Utf8JsonWriter writer, string[] inputs, string output)
    {
        writer.WriteStartArray("input_modalities");
        foreach (var input in inputs)
            writer.WriteStringValue(input);
        writer.WriteEndArray();
        writer.WriteStartArray("output_modalities");
        writer.WriteStringValue(output);
        writer.WriteEndArray();
    }
}
