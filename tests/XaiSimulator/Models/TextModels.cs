namespace LlmTr.XaiSimulator.Models;

/// <summary>The text models that the simulator knows. Independent of the gateway's catalogue on purpose: it is what the catalogue is tested against.</summary>
internal static class TextModels
{
    // The created times of the last two are not known; those of their sibling are used.
    public static IReadOnlyList<TextModel> All { get; } =
    [
        new("grok-4.3", ["grok-4.3-latest", "grok-latest"], 1776384000, Reasons: true, ["none", "low", "medium", "high", "xhigh"]),
        new("grok-4.20-0309-reasoning", ["grok-4.20", "grok-4.20-0309", "grok-4.20-reasoning", "grok-4.20-reasoning-latest"], 1773014400, Reasons: true, []),
        new("grok-4.20-0309-non-reasoning", ["grok-4.20-non-reasoning", "grok-4.20-non-reasoning-latest"], 1773014400, Reasons: false, []),
        new("grok-4.20-multi-agent-0309", ["grok-4.20-multi-agent", "grok-4.20-multi-agent-latest"], 1773014400, Reasons: true, ["low", "medium", "high", "xhigh"])
        {
            IsMultiAgent = true,
        },
    ];

    // Retired in May 2026: these names are answered by grok-4.3 (xAI contract, section 4).
    private static readonly string[] RetiredPrefixes = ["grok-3", "grok-4-fast", "grok-4-1-fast"];

    /// <summary>The model of that name or alias, or null.</summary>
    public static TextModel? Find(string name) =>
        All.FirstOrDefault(model => model.Id == name || model.Aliases.Contains(name))
        ?? (RetiredPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) ? All[0] : null);
}
