namespace LlmTr.Simulation.Tests.Scheduling;

/// <summary>All chance of one run. Own code (SplitMix64), so that a seed means the same run on every version of the runtime.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Both ends included.</summary>
    public long Between(long least, long most) => least + (long)(Next() % (ulong)(most - least + 1));

    /// <summary>True once in so many throws; never for 0.</summary>
    public bool OneIn(int throws) => throws > 0 && Below(throws) == 0;

    public TimeSpan Between(TimeSpan least, TimeSpan most) => new(Between(least.Ticks, most.Ticks));

    public TimeSpan UpTo(TimeSpan most) => Between(TimeSpan.Zero, most);

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];
}
