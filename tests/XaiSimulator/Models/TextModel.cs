using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Models;

/// <summary>A text model of xAI (xAI contract, sections 3.3 and 4).</summary>
/// <param name="Id">The name that answers carry.</param>
/// <param name="Aliases">Other names that it answers to.</param>
/// <param name="Created">Unix seconds.</param>
/// <param name="Reasons">Whether it thinks before it answers.</param>
/// <param name="Efforts">The efforts it takes; empty where any is refused.</param>
internal sealed record TextModel(string Id, IReadOnlyList<string> Aliases, long Created, bool Reasons, IReadOnlyList<string> Efforts)
{
    /// <summary>True for the model that asks several agents.</summary>
    public bool IsMultiAgent { get; init; }

    /// <summary>The effort that counts where the request names none.</summary>
    public string? DefaultEffort => Efforts.Count == 0 ? null : "low";

    /// <summary>What <c>max_output_tokens</c> covers.</summary>
    public Cap Cap => IsMultiAgent ? Cap.Ignored : Cap.All;

    /// <summary>How many agents answer: 4, or 16 at high and xhigh effort; 1 elsewhere.</summary>
    public int Agents(string? effort) => !IsMultiAgent ? 1 : effort is "high" or "xhigh" ? 16 : 4;
}
