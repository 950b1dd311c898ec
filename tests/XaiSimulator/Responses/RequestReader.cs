using System.Collections.Frozen;
using System.Text.Json;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>Turns a JSON object into a typed request. Members that xAI does not know are passed over, as it does.</summary>
internal static class RequestReader
{
    /// <summary>Every member that xAI's reference or a probe knows (xAI contract, section 3.1), refused ones included.</summary>
    public static FrozenSet<string> KnownFields { get; } = FrozenSet.ToFrozenSet(
    [
        "model", "input", "instructions", "store", "previous_response_id", "include", "max_output_tokens", "max_tokens", "max_turns", "max_tool_calls",
        "temperature", "top_p", "top_k", "min_p", "presence_penalty", "frequency_penalty", "stop", "tools", "tool_choice", "parallel_tool_calls", "text",
        "reasoning", "reasoning_effort", "service_tier", "prompt_cache_key", "user", "safety_identifier", "stream", "logprobs", "top_logprobs",
        "context_management", "background", "metadata", "truncation", "search_parameters", "web_search_options", "external_web_access", "search_context_size",
    ]);

    // The server's 422 lists the first eleven; the last three are sent or named elsewhere (xAI contract, section 3.4).
    private static readonly string[] ToolTypes =
    [
        "function", "web_search", "x_search", "image_generation", "collections_search", "file_search", "code_execution", "code_interpreter", "mcp", "shell",
        "tool_search", "view_image", "view_x_video", "web_search_preview",
    ];

    private static readonly string[] Includes =
    [
        "reasoning.encrypted_content", "file_search_call.results", "web_search_call_output", "x_search_call_output", "code_execution_call_output",
        "collections_search_call_output", "attachment_search_call_output", "mcp_call_output", "inline_citations", "no_inline_citations", "verbose_streaming",
    ];

    /// <summary>Reads a request.</summary>
    public static ResponsesRequest Read(JsonElement root, Types types)
    {
        var reasoning = types.Object(root, "reasoning");
        var request = new ResponsesRequest
        {
            Model = types.Text(root, "model"),
            Input = InputReader.Read(root, types),
            Instructions = types.Text(root, "instructions"),
            Store = types.Flag(root, "store"),
            PreviousResponseId = types.Text(root, "previous_response_id"),
            Include = ReadIncludes(root, types),
            MaxOutputTokens = types.Count(root, "max_output_tokens"),
            MaxToolCalls = types.Count(root, "max_tool_calls"),
            Temperature = types.Number(root, "temperature"),
            TopP = types.Number(root, "top_p"),
            TopLogprobs = types.Count(root, "top_logprobs"),
            PresencePenalty = types.Number(root, "presence_penalty"),
            FrequencyPenalty = types.Number(root, "frequency_penalty"),
            Tools = [.. types.Array(root, "tools").Select(tool => ReadTool(tool, types))],
            ToolChoice = ReadToolChoice(root, types),
            ParallelToolCalls = types.Flag(root, "parallel_tool_calls"),
            TextFormat = ReadFormat(root, types),
            Effort = (reasoning is { } chosen ? ReadEffort(chosen, "effort", types) : null) ?? ReadEffort(root, "reasoning_effort", types),
            Summary = reasoning is { } summarised ? types.Text(summarised, "summary") : null,
            IsPriority = types.Word(root, "service_tier", "default", "priority") == "priority",
            PromptCacheKey = types.Text(root, "prompt_cache_key"),
            User = types.Text(root, "user"),
            SafetyIdentifier = types.Text(root, "safety_identifier"),
            Stream = types.Flag(root, "stream") ?? false,
            Background = types.Flag(root, "background") ?? false,
            Present = root.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).Select(member => member.Name).ToFrozenSet(),
        };
        CheckUnused(root, types);
        return request;
    }

    /// <summary>Members whose values change nothing here but must have their types.</summary>
    private static void CheckUnused(JsonElement root, Types types)
    {
        types.Count(root, "max_turns");
        types.Count(root, "top_k");
        types.Number(root, "min_p");
        types.Flag(root, "logprobs");
        types.Text(root, "truncation");
        if (Types.Member(root, "stop") is { ValueKind: not JsonValueKind.String })
            types.Array(root, "stop");
    }

    private static List<string> ReadIncludes(JsonElement root, Types types)
    {
        var includes = new List<string>();
        foreach (var include in types.Array(root, "include"))
        {
            if (include.ValueKind == JsonValueKind.String && Includes.Contains(include.GetString()))
                includes.Add(include.GetString()!);
            else
                types.Complain($"include: unknown variant, expected one of {string.Join(", ", Includes)}");
        }

        return includes;
    }

    private static Tool ReadTool(JsonElement tool, Types types)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            types.Complain("tools: invalid type, expected an object");
            return new Tool("", null, tool);
        }

        if (Types.Member(tool, "type") is null)
            types.Complain("tools: missing field `type`");
        var type = types.Word(tool, "type", ToolTypes) ?? "";
        return new Tool(type, type == "function" ? types.RequiredText(tool, "name") : null, tool);
    }

    private static JsonElement? ReadToolChoice(JsonElement root, Types types)
    {
        var choice = Types.Member(root, "tool_choice");
        if (choice is not { ValueKind: JsonValueKind.Object } named)
        {
            types.Word(root, "tool_choice", "auto", "none", "required");
            return choice;
        }

        types.Word(named, "type", "function");
        types.RequiredText(named, "name");
        return choice;
    }

    private static JsonElement? ReadFormat(JsonElement root, Types types)
    {
        if (types.Object(root, "text") is not { } text || types.Object(text, "format") is not { } format)
            return null;
        types.RequiredText(format, "type");
        if (types.Word(format, "type", "text", "json_object", "json_schema") == "json_schema" && types.Object(format, "schema") is null)
            types.Complain("missing field `schema`");
        return format;
    }

    private static string? ReadEffort(JsonElement parent, string name, Types types) => types.Word(parent, name, "none", "low", "medium", "high", "xhigh");
}
