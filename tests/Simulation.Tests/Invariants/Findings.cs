namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>The first invariant that did not hold; what follows from it is of no interest.</summary>
internal sealed class Findings(bool keepsStory)
{
    private readonly List<string> _story = [];

    /// <summary>What happened, oldest first; empty unless asked for.</summary>
    public IReadOnlyList<string> Story => _story;

    public string? Invariant { get; private set; }

    public string? Detail { get; private set; }

    public void Require(bool condition, string invariant, FormattableString otherwise)
    {
        if (condition || Invariant is not null)
            return;
        Invariant = invariant;
        Detail = FormattableString.Invariant(otherwise);
    }

    /// <summary>How often each situation came up, by name.</summary>
    public SortedDictionary<string, long> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts a situation: an invariant that no run ever puts to the test proves nothing.</summary>
    public void Saw(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;

    /// <summary>Nothing of the simulation's own may fail unseen.</summary>
    public async Task Watch(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            Require(false, Law.Answered, $"{exception}");
        }
    }

    /// <summary>Adds to the story.</summary>
    public void Tell(TimeSpan now, FormattableString what)
    {
        if (keepsStory)
            _story.Add(FormattableString.Invariant($"{now:hh\\:mm\\:ss\\.ffffff} {FormattableString.Invariant(what)}"));
    }
}
