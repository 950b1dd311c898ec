using System.Text.Json;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>The response object, member by member in the captured order (xAI contract, sections 3.5 and 10.1).</summary>
internal static class ResponseObject
{
    private const double DefaultTemperature = 0.7;
    private const double DefaultTopP = 0.95;

    /// <summary>The body of a reply that is not streamed.</summary>
    public static byte[] Json(Generation generation) => WireJson.Value(writer => Write(writer, generation, isStream: false, isFinal: true));

    /// <summary>Writes the object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="generation">What is said.</param>
    /// <param name="isStream">Inside a stream numbers are those of 32-bit floats, and the reasoning options are null.</param>
    /// <param name="isFinal">False for the object with which a stream begins.</param>
    public static void Write(Utf8JsonWriter writer, Generation generation, bool isStream, bool isFinal)
    {
        var request = generation.Request;
        writer.WriteStartObject();
        writer.WriteNumber("created_at", generation.CreatedAt.ToUnixTimeSeconds());
        writer.WriteNumberOrNull("completed_at", isFinal ? generation.CompletedAt.ToUnixTimeSeconds() : null);
        writer.WriteString("id", generation.Id);
        writer.WriteNumberOrNull("max_output_tokens", request.MaxOutputTokens);
        writer.WriteString("model", generation.Behaviour.Model ?? generation.Model.Id);
        writer.WriteString("object", "response");
        WriteOutput(writer, isFinal ? generation.Output : []);
        writer.WriteBoolean("parallel_tool_calls", request.ParallelToolCalls ?? true);
        writer.WriteStringOrNull("previous_response_id", request.PreviousResponseId);
        WriteReasoning(writer, generation, isStream);
        WriteFloat(writer, "temperature", request.Temperature ?? DefaultTemperature, isStream);
        WriteText(writer, request);
        WriteToolChoice(writer, request);
        WriteTools(writer, request);
        WriteFloat(writer, "top_p", request.TopP ?? DefaultTopP, isStream);
        WriteUsage(writer, generation, isFinal);
        writer.WriteStringOrNull("user", request.User);
        WriteIncompleteDetails(writer, generation, isFinal);
        writer.WriteString("status", isFinal ? generation.Status : "in_progress");
        writer.WriteBoolean("store", request.Store ?? true);
        writer.WriteStartObject("metadata");
        writer.WriteString("system_fingerprint", "fp_eb3c003fc66c14ed");
        writer.WriteEndObject();
        writer.WriteBoolean("background", false);
        writer.WriteString("service_tier", request.IsPriority ? "priority" : "default");
        writer.WriteString("truncation", "disabled");
        writer.WriteNumber("top_logprobs", request.TopLogprobs ?? 0);
        WriteFloat(writer, "presence_penalty", request.PresencePenalty ?? 0, isStream);
        WriteFloat(writer, "frequency_penalty", request.FrequencyPenalty ?? 0, isStream);
        writer.WriteStringOrNull("prompt_cache_key", request.PromptCacheKey);
        writer.WriteNumberOrNull("max_tool_calls", request.MaxToolCalls);
        writer.WriteStringOrNull("safety_identifier", request.SafetyIdentifier);
        WriteError(writer, isFinal && generation.Status == "failed");
        // Only null was captured, on requests without instructions. That they are echoed like all else is a guess.
        writer.WriteStringOrNull("instructions", request.Instructions);
        writer.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter writer, IReadOnlyList<OutputItem> items)
    {
        writer.WriteStartArray("output");
        foreach (var item in items)
            item.Write(writer);
        writer.WriteEndArray();
    }

    /// <summary>Outside streams the effort that counts. What a model without efforts shows is not known; here null.</summary>
    private static void WriteReasoning(Utf8JsonWriter writer, Generation generation, bool isStream)
    {
        var request = generation.Request;
        writer.WriteStartObject("reasoning");
        writer.WriteStringOrNull("effort", isStream ? null : request.Effort ?? generation.Model.DefaultEffort);
        writer.WriteStringOrNull("summary", isStream || !generation.Model.Reasons ? null : request.Summary ?? "detailed");
        writer.WriteEndObject();
    }

    /// <summary>The format as it was sent, of a json_schema only type and schema.</summary>
    private static void WriteText(Utf8JsonWriter writer, ResponsesRequest request)
    {
        writer.WriteStartObject("text");
        writer.WriteStartObject("format");
        writer.WriteString("type", request.FormatKind);
        if (request.FormatKind == "json_schema")
        {
            writer.WritePropertyName("schema");
            request.TextFormat!.Value.GetProperty("schema").WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteToolChoice(Utf8JsonWriter writer, ResponsesRequest request)
    {
        writer.WritePropertyName("tool_choice");
        if (request.ToolChoice is { } choice)
            choice.WriteTo(writer);
        else
            writer.WriteStringValue("auto");
    }

    private static void WriteTools(Utf8JsonWriter writer, ResponsesRequest request)
    {
        writer.WriteStartArray("tools");
        foreach (var tool in request.Tools)
        {
            writer.WriteStartObject();
            foreach (var member in tool.Raw.EnumerateObject())
                member.WriteTo(writer);
            if (tool.Type == "web_search" && !tool.Raw.TryGetProperty("search_context_size", out _))
                writer.WriteString("search_context_size", "medium");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter writer, Generation generation, bool isFinal)
    {
        var behaviour = generation.Behaviour;
        if (!isFinal || behaviour.Usage == UsageSwitch.Null || behaviour.End == Ending.Failed)
        {
            writer.WriteNull("usage");
        }
        else if (behaviour.Usage == UsageSwitch.Present)
        {
            writer.WritePropertyName("usage");
            generation.Usage.Write(writer, generation.Cost, behaviour.Cost);
        }
    }

    private static void WriteIncompleteDetails(Utf8JsonWriter writer, Generation generation, bool isFinal)
    {
        if (!isFinal || generation.Status != "incomplete")
        {
            writer.WriteNull("incomplete_details");
            return;
        }

        writer.WriteStartObject("incomplete_details");
        writer.WriteString("reason", generation.Behaviour.Reason ?? "max_output_tokens");
        writer.WriteEndObject();
    }

    /// <summary>Nobody has seen the error of a failed response; its code is a guess.</summary>
    private static void WriteError(Utf8JsonWriter writer, bool hasFailed)
    {
        if (!hasFailed)
        {
            writer.WriteNull("error");
            return;
        }

        writer.WriteStartObject("error");
        writer.WriteString("code", "server_error");
        writer.WriteString("message", Fault.NoModelResponse.Text);
        writer.WriteEndObject();
    }

    /// <summary>Inside streams 0.7 reads 0.699999988079071.</summary>
    private static void WriteFloat(Utf8JsonWriter writer, string name, double value, bool isStream) =>
        writer.WriteFloat(name, isStream ? (float)value : value);
}
