namespace LlmTr.Api.Responses;

/// <summary>Who speaks in a message of chat completions.</summary>
internal enum ChatRole
{
    Unknown,
    System,
    Developer,
    User,
    Assistant,
    Tool,
}
