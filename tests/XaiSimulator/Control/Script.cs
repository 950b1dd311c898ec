namespace LlmTr.XaiSimulator.Control;

/// <summary>Behaviours that wait for their requests: the first that fits is used, and gone after its number of times.</summary>
internal sealed class Script
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    /// <summary>Adds one at the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is below 1.</exception>
    public void Add(Behaviour behaviour, int times, RequestMatch match)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_lock)
            _entries.Add(new Entry(behaviour, match) { Left = times });
    }

    /// <summary>Takes the behaviour for a request, or none.</summary>
    public Behaviour Take(string method, string path, string prompt, string? model)
    {
        lock (_lock)
        {
            var entry = _entries.Find(entry => entry.Match.Fits(method, path, prompt, model));
            if (entry is null)
                return Behaviour.None;
            if (--entry.Left == 0)
                _entries.Remove(entry);
            return entry.Behaviour;
        }
    }

    /// <summary>Forgets all that wait.</summary>
    public void Clear()
    {
        lock (_lock)
            _entries.Clear();
    }

    private sealed class Entry(Behaviour behaviour, RequestMatch match)
    {
        public Behaviour Behaviour { get; } = behaviour;

        public RequestMatch Match { get; } = match;

        public required int Left { get; set; }
    }
}
