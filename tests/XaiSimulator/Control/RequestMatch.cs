namespace LlmTr.XaiSimulator.Control;

/// <summary>Which requests a scripted behaviour or a closed gate is for. What is null does not matter.</summary>
public sealed record RequestMatch
{
    /// <summary>Every POST.</summary>
    public static RequestMatch AnyPost { get; } = new();

    /// <summary>The path with its <c>/v1</c>, whatever the method; null takes any POST.</summary>
    public string? Path { get; init; }

    /// <summary>How the path begins, for files and for the looks at a video; whatever the method.</summary>
    public string? PathStart { get; init; }

    /// <summary>The method; null takes what the paths say.</summary>
    public string? Method { get; init; }

    /// <summary>A part of the prompt: all the text of input and instructions, the text to be spoken, or the key terms of a transcription; case counts.</summary>
    public string? PromptContains { get; init; }

    /// <summary>The model as the request names it.</summary>
    public string? Model { get; init; }

    /// <summary>True when the request is one of them.</summary>
    internal bool Fits(string method, string path, string prompt, string? model) =>
        (Method is not null ? Method == method : Path is not null || PathStart is not null || method == "POST")
        && (Path is null || Path == path)
        && (PathStart is null || path.StartsWith(PathStart, StringComparison.Ordinal))
        && (PromptContains is null || prompt.Contains(PromptContains, StringComparison.Ordinal))
        && (Model is null || Model == model);
}
