using System.Text.Json;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>A request of <c>POST /v1/responses</c> whose members have the right types (xAI contract, sections 3.1 to 3.4). Null is absent.</summary>
internal sealed record ResponsesRequest
{
    public required string? Model { get; init; }

    public required Conversation Input { get; init; }

    public required string? Instructions { get; init; }

    public required bool? Store { get; init; }

    public required string? PreviousResponseId { get; init; }

    public required IReadOnlyList<string> Include { get; init; }

    public required long? MaxOutputTokens { get; init; }

    public required long? MaxToolCalls { get; init; }

    public required double? Temperature { get; init; }

    public required double? TopP { get; init; }

    public required long? TopLogprobs { get; init; }

    public required double? PresencePenalty { get; init; }

    public required double? FrequencyPenalty { get; init; }

    public required IReadOnlyList<Tool> Tools { get; init; }

    public required JsonElement? ToolChoice { get; init; }

    public required bool? ParallelToolCalls { get; init; }

    public required JsonElement? TextFormat { get; init; }

    /// <summary>From <c>reasoning.effort</c> or its alias <c>reasoning_effort</c>.</summary>
    public required string? Effort { get; init; }

    public required string? Summary { get; init; }

    public required bool IsPriority { get; init; }

    public required string? PromptCacheKey { get; init; }

    public required string? User { get; init; }

    public required string? SafetyIdentifier { get; init; }

    public required bool Stream { get; init; }

    public required bool Background { get; init; }

    /// <summary>The names of the members that are not null.</summary>
    public required IReadOnlySet<string> Present { get; init; }

    /// <summary>True when reasoning items shall carry <c>encrypted_content</c>.</summary>
    public bool WantsEncryptedReasoning => Include.Contains("reasoning.encrypted_content");

    /// <summary>How many bytes of text become input tokens: the conversation, the instructions, the tools and the answer's schema.</summary>
    public long TextBytes => Input.TextBytes + Bytes(Instructions) + Tools.Sum(tool => Bytes(tool.Raw.GetRawText())) + Bytes(TextFormat?.GetRawText());

    /// <summary>How many images the input holds.</summary>
    public int Images => Input.Images;

    /// <summary>The kind of <c>text.format</c>: text, json_object or json_schema.</summary>
    public string FormatKind => TextFormat is { } format ? format.GetProperty("type").GetString()! : "text";

    private static long Bytes(string? text) => text is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(text);
}

/// <summary>One of a request's tools.</summary>
/// <param name="Type">Its type, one that xAI knows.</param>
/// <param name="Name">The name of a function.</param>
/// <param name="Raw">All of it, as it was sent.</param>
internal sealed record Tool(string Type, string? Name, JsonElement Raw)
{
    /// <summary>True for what the client runs itself.</summary>
    public bool IsFunction => Type == "function";

    /// <summary>The schema of a function's arguments, or null.</summary>
    public JsonElement? Parameters => Raw.TryGetProperty("parameters", out var schema) && schema.ValueKind == JsonValueKind.Object ? schema : null;
}

/// <summary>What the input says.</summary>
/// <param name="Text">All of its text, for matching.</param>
/// <param name="LastUserText">The text of the last user message.</param>
/// <param name="ToolOutput">The output that ends the input, or null where a message ends it.</param>
/// <param name="TextBytes">The UTF-8 bytes of all its text.</param>
/// <param name="Images">How many images it holds.</param>
internal sealed record Conversation(string Text, string LastUserText, string? ToolOutput, long TextBytes, int Images);
