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
