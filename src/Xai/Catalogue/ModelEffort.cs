using System.Collections.Immutable;

namespace LlmTr.Xai.Catalogue;

/// <summary>The effort levels that a model takes and how many agents each one sets to work (xAI contract, section 3.3).</summary>
public sealed class ModelEffort
{
    /// <summary>A model that takes no effort at all: xAI answers 400 to any value.</summary>
    public static ModelEffort NoLevels { get; } = new();

    /// <summary>The agents of each level, from the least effort to the most; empty when the model takes none. 1 to <see cref="MostAgents"/>.</summary>
    public ImmutableSortedDictionary<EffortLevel, int> Agents { get; init; } = ImmutableSortedDictionary<EffortLevel, int>.Empty;

    /// <summary>The level that holds when the caller names none; null when it is not known or the model has no levels.</summary>
    public EffortLevel? Default { get; init; }

    /// <summary>
    /// True when the default is written into the request instead of being left to xAI. The multi-agent model has it: which level xAI takes
    /// by itself is documented nowhere, and the number of agents, hence the hold, depends on it.
    /// </summary>
    public bool SendsDefault { get; init; }

    /// <summary>The most agents that the catalogue may give a level: with it no quote can overflow.</summary>
    public const int MostAgents = 64;

    /// <summary>True when the model takes this level.</summary>
    public bool Takes(EffortLevel level) => Agents.ContainsKey(level);

    /// <summary>The level to send: the caller's, or the default where it has to be said, or none.</summary>
    public EffortLevel? Sent(EffortLevel? asked) => asked ?? (SendsDefault ? Default : null);

    /// <summary>How many agents work on a request that is sent with this level. Where none is sent, the most that any level means: xAI chooses then.</summary>
    /// <exception cref="KeyNotFoundException">The model does not take the level.</exception>
    public int AgentsAt(EffortLevel? sent)
    {
        if (sent is { } level)
            return Agents[level];
        var most = 1;
        foreach (var (_, agents) in Agents)
            most = Math.Max(most, agents);
        return most;
    }
}
