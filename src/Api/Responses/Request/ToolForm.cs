namespace LlmTr.Api.Responses;

/// <summary>How a body writes its functions and the choice of one.</summary>
internal enum ToolForm
{
    /// <summary>As <c>/v1/responses</c> does: <c>{"type":"function","name":…}</c>.</summary>
    Flat,

    /// <summary>As chat completions does: <c>{"type":"function","function":{"name":…}}</c>.</summary>
    Nested,
}
