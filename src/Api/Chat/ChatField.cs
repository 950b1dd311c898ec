namespace LlmTr.Api.Chat;

/// <summary>Every top-level field of a chat completion that has a meaning here, for good or ill. The JSON name is the member's own in snake case.</summary>
internal enum ChatField
{
    // Translated; most have the same name and form on the other side.
    Model,
    Messages,
    Tools,
    ToolChoice,
    ParallelToolCalls,
    ResponseFormat,
    Stream,
    MaxTokens,
    MaxCompletionTokens,
    ReasoningEffort,
    Temperature,
    TopP,
    Stop,
    User,
    SafetyIdentifier,
    PromptCacheKey,

    // For the gateway alone.
    StreamOptions,
    MaxBudgetUsd,

    // Neutral only: accepted at the value that changes nothing.
    N,
    Store,
    Logprobs,
    TopLogprobs,
    LogitBias,
    Modalities,
    Verbosity,
    PresencePenalty,
    FrequencyPenalty,
    ServiceTier,

    // Ignored: hints that change neither answer nor price.
    Seed,
    Metadata,
    PromptCacheRetention,

    // Refused by name.
    Functions,
    FunctionCall,
    Audio,
    Prediction,
    WebSearchOptions,
    SearchParameters,
}
