using System.Text.Json;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>The tokens of a request: what is billed, and the size of the last context where it differs.</summary>
/// <param name="Input">Input tokens of all agents, cached ones included.</param>
/// <param name="Cached">Those of them that were cached.</param>
/// <param name="Output">Output tokens of all agents, reasoning included.</param>
/// <param name="Reasoning">Those of them that are reasoning.</param>
/// <param name="Agents">How many agents shared them evenly; at least 1.</param>
/// <param name="WebSearches">Server-side searches.</param>
internal sealed record Usage(long Input, long Cached, long Output, long Reasoning, int Agents, int WebSearches)
{
    // xAI adds a hidden system prompt of about 190 tokens, of which two blocks of 64 are then usually cached (xAI contract, section 2).
    private const long HiddenPrompt = 190;
    private const long CacheBlock = 64;
    private const long CachedOfHiddenPrompt = 2 * CacheBlock;

    private const long BytesPerToken = 4;
    private const long TokensPerImage = 256;

    /// <summary>The prompt of one agent; the long-context threshold is held against it, since it is what a context must hold (nobody has measured it for several).</summary>
    public long ContextInput => Input / Agents;

    /// <summary>The output of one agent.</summary>
    public long ContextOutput => Output / Agents;

    /// <summary>Counts a request's tokens, the same for the same request, unless the behaviour says how many there are.</summary>
    public static Usage Count(ResponsesRequest request, Answer answer, int agents, Behaviour behaviour)
    {
        var input = HiddenPrompt + ((request.TextBytes + BytesPerToken - 1) / BytesPerToken) + (request.Images * TokensPerImage);
        var cached = input >= HiddenPrompt + 2 ? CachedOfHiddenPrompt : 0;
        var allInput = behaviour.InputTokens ?? input * agents;
        var allOutput = behaviour.OutputTokens ?? answer.OutputTokens * agents;
        return new Usage(
            allInput,
            Math.Min(behaviour.CachedTokens ?? cached * agents, allInput),
            allOutput,
            Math.Min(behaviour.ReasoningTokens ?? answer.ReasoningTokens * agents, allOutput),
            agents,
            behaviour.ServerTools);
    }

    /// <summary>Writes the members in the captured order (xAI contract, section 3.6).</summary>
    public void Write(Utf8JsonWriter writer, UsdTicks cost, CostSwitch? report)
    {
        writer.WriteStartObject();
        writer.WriteNumber("input_tokens", Input);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("cached_tokens", Cached);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", Output);
        writer.WriteStartObject("output_tokens_details");
        writer.WriteNumber("reasoning_tokens", Reasoning);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens", Input + Output);
        writer.WriteNumber("num_sources_used", 0);
        writer.WriteNumber("num_server_side_tools_used", WebSearches);
        (report ?? CostSwitch.Ticks(cost.Value)).Write(writer, "cost_in_usd_ticks", cost);
        if (WebSearches > 0)
            WriteToolDetails(writer);
        writer.WriteStartObject("context_details");
        writer.WriteNumber("input_tokens", ContextInput);
        writer.WriteNumber("output_tokens", ContextOutput);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteToolDetails(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("server_side_tool_usage_details");
        writer.WriteNumber("web_search_calls", WebSearches);
        foreach (var unused in new[] { "x_search", "code_interpreter", "file_search", "mcp", "document_search", "image_generation" })
            writer.WriteNumber(unused + "_calls", 0);
        writer.WriteEndObject();
    }
}
