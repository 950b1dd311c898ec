namespace LlmTr.XaiSimulator.Control;

/// <summary>Which requests a scripted behaviour or a closed gate is for. What is null does not matter.</summary>
public sealed record RequestMatch
{
    /// <summary>Every POST.</summary>
    public static RequestMatch AnyPost { get; } = new();

    /// <summary>The path with its <c>/v1</c>, whatever the method; null takes any POST.</summary>
    public string? Path { get; init; }

    /// <summary>A part of the prompt: all the text of input and instructions, case counts.</summary>
    public string? PromptContains { get; init; }

    /// <summary>The model as the request names it.</summary>
    public string? Model { get; init; }

    /// <summary>True when the request is one of them.</summary>
    internal bool Fits(string method, string path, string prompt, string? model) =>
        (Path is null ? method == "POST" : Path == path)
        && (PromptContains is null || prompt.Contains(PromptContains, StringComparison.Ordinal))
        && (Model is null || Model == model);
}
