namespace LlmTr.Xai.Responses;

/// <summary>The <c>status</c> of a response object (xAI contract, section 3.5).</summary>
public enum ResponseStatus : byte
{
    /// <summary>There is none, or it is no text.</summary>
    Missing,

    /// <summary><c>completed</c>.</summary>
    Completed,

    /// <summary><c>in_progress</c>.</summary>
    InProgress,

    /// <summary><c>incomplete</c>; see <see cref="IncompleteReason"/>.</summary>
    Incomplete,

    /// <summary><c>failed</c>.</summary>
    Failed,

    /// <summary>Any other word.</summary>
    Other,
}

/// <summary>Why an answer ended early: <c>incomplete_details.reason</c> (xAI contract, section 3.5).</summary>
public enum IncompleteReason : byte
{
    /// <summary>None is given.</summary>
    None,

    /// <summary><c>max_output_tokens</c>.</summary>
    MaxOutputTokens,

    /// <summary><c>max_prompt_tokens</c>.</summary>
    MaxPromptTokens,

    /// <summary><c>max_time_limit</c>.</summary>
    MaxTimeLimit,

    /// <summary><c>content_filter</c>: OpenAI's word, not in xAI's list.</summary>
    ContentFilter,

    /// <summary>Any other word.</summary>
    Other,
}

/// <summary>Where a value stands in the JSON that was read, in bytes.</summary>
/// <param name="Start">The first byte of the value: for a string, its opening quote.</param>
/// <param name="Length">The bytes of the value, for a string with both quotes; 0 when there is no such value.</param>
public readonly record struct JsonSpan(int Start, int Length)
{
    /// <summary>True when there is such a value.</summary>
    public bool IsPresent => Length > 0;

    /// <summary>The first byte after the value.</summary>
    public int End => Start + Length;
}
