using System.Text.Json;
using LlmTr.XaiSimulator.Responses;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Models;

/// <summary><c>GET /v1/models</c> (xAI contract, sections 8 and 10.7). Prices in ticks per token.</summary>
internal sealed class ModelsArea : IArea, IAsked
{
    private const long ContextLength = 1_000_000;

    public string Method => "GET";

    public string Prompt => "";

    public string MarkerText => "";

    public string? Model => null;

    public IReadOnlyList<string> Fields => [];

    public IReadOnlyList<string> UnknownFields => [];

    public IAsked Read(Incoming incoming) => this;

    public Reply Answer(Turn turn) => turn.KeyFault() is { } fault
        ? turn.Refuse(fault)
        : turn.Scripted() ?? Reply.Json(WireJson.Object(WriteList), HeaderSet.Plain);

    private static void WriteList(Utf8JsonWriter writer)
    {
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var model in TextModels.All)
            WriteModel(writer, model);
        writer.WriteEndArray();
    }

    private static void WriteModel(Utf8JsonWriter writer, TextModel model)
    {
        writer.WriteStartObject();
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
        writer.WriteEndObject();
    }
}
