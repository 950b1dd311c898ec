using System.Collections.Frozen;
using System.Text.Json;

namespace LlmTr.Api.Responses;

/// <summary>Every top-level field of a body that has a meaning here, for good or ill. The JSON name is the member's own in snake case.</summary>
internal enum BodyField
{
    // Forwarded, some of them renamed or rewritten.
    Model,
    Input,
    Messages,
    Instructions,
    Reasoning,
    ReasoningEffort,
    MaxOutputTokens,
    Temperature,
    TopP,
    Stop,
    Tools,
    ToolChoice,
    ParallelToolCalls,
    Text,
    ResponseFormat,
    Stream,
    Include,
    PromptCacheKey,
    User,
    SafetyIdentifier,

    // For the gateway alone.
    MaxBudgetUsd,

    // Neutral only: accepted at the value that changes nothing.
    Store,
    Background,
    ServiceTier,
    Truncation,
    PresencePenalty,
    FrequencyPenalty,
    TopLogprobs,

    // Ignored: hints that change neither answer nor price.
    Metadata,
    StreamOptions,
    PromptCacheRetention,
    MaxToolCalls,

    // Refused by name.
    PreviousResponseId,
    Conversation,
    Prompt,
    ContextManagement,
    MaxTokens,
    SearchParameters,
    WebSearchOptions,
}

/// <summary>The names of the fields.</summary>
internal static class BodyFields
{
    /// <summary>How many there are.</summary>
    public const int Count = (int)BodyField.WebSearchOptions + 1;

    private static readonly string[] Names =
        [.. Enum.GetValues<BodyField>().Select(field => JsonNamingPolicy.SnakeCaseLower.ConvertName(field.ToString()))];

    private static readonly FrozenDictionary<string, BodyField>.AlternateLookup<ReadOnlySpan<char>> ByName =
        Enum.GetValues<BodyField>().ToFrozenDictionary(field => Names[(int)field], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The field's name in JSON.</summary>
    public static string Name(this BodyField field) => Names[(int)field];

    /// <summary>The field of a JSON name, compared exactly.</summary>
    public static bool TryFind(ReadOnlySpan<char> name, out BodyField field) => ByName.TryGetValue(name, out field);
}
