namespace LlmTr.Xai.Catalogue;

/// <summary>How hard a model thinks: xAI's <c>reasoning.effort</c>, from the least to the most.</summary>
public enum EffortLevel
{
    /// <summary>No reasoning (<c>none</c>).</summary>
    None,

    /// <summary><c>low</c>.</summary>
    Low,

    /// <summary><c>medium</c>.</summary>
    Medium,

    /// <summary><c>high</c>.</summary>
    High,

    /// <summary><c>xhigh</c>.</summary>
    XHigh,
}

/// <summary>The words that xAI and the catalogue use for effort levels.</summary>
public static class EffortLevels
{
    /// <summary>The word for a level, as it stands in <c>reasoning.effort</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not a member of the enumeration.</exception>
    public static string ToWord(this EffortLevel level) => level switch
    {
        EffortLevel.None => "none",
        EffortLevel.Low => "low",
        EffortLevel.Medium => "medium",
        EffortLevel.High => "high",
        EffortLevel.XHigh => "xhigh",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Not an effort level."),
    };

    /// <summary>The level that a word means, or null. Exact words only: aliases belong to the customer's request.</summary>
    public static EffortLevel? FromWord(ReadOnlySpan<char> word) => word switch
    {
        "none" => EffortLevel.None,
        "low" => EffortLevel.Low,
        "medium" => EffortLevel.Medium,
        "high" => EffortLevel.High,
        "xhigh" => EffortLevel.XHigh,
        _ => null,
    };
}
