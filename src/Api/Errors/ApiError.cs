namespace LlmTr.Api.Errors;

/// <summary>temporary, replaced at merge</summary>
public sealed record ApiError(int Status, string Type, string Message, string? Param = null, IReadOnlyList<KeyValuePair<string, object>>? Details = null);
