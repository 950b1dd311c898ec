using System.Diagnostics.Metrics;
using System.Text.Json;

namespace LlmTr.Grains.Telemetry;

/// <summary>
/// A counter for each value of an enum. All of them are there from the start, at zero: the increase from nothing to one is invisible to Prometheus, and the first
/// refusal of the platform's key must be seen. Adding is one interlocked addition, whoever listens.
/// </summary>
/// <typeparam name="TKind">The enum; its names in snake case are the values of the label.</typeparam>
public sealed class KindCounts<TKind>
    where TKind : struct, Enum
{
    private readonly TKind[] _kinds = Enum.GetValues<TKind>();
    private readonly KeyValuePair<string, object?>[] _labels;
    private readonly long[] _counts;

    /// <summary>Makes the instrument.</summary>
    /// <param name="meter">Whose.</param>
    /// <param name="name">Its name, by OpenTelemetry's conventions.</param>
    /// <param name="unit">What is counted: <c>{settlement}</c>, <c>{tick}</c>.</param>
    /// <param name="label">What the kinds are called.</param>
    /// <param name="description">What it says, in a sentence.</param>
    public KindCounts(Meter meter, string name, string unit, string label, string description)
    {
        _counts = new long[_kinds.Length];
        _labels = Array.ConvertAll(_kinds, kind => new KeyValuePair<string, object?>(label, JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString())));
        meter.CreateObservableCounter(name, Observe, unit, description);
    }

    /// <summary>Counts; a value that the enum does not name is not counted.</summary>
    public void Add(TKind kind, long amount = 1)
    {
        var at = Array.IndexOf(_kinds, kind);
        if (at >= 0)
            Interlocked.Add(ref _counts[at], amount);
    }

    private Measurement<long>[] Observe()
    {
        var measurements = new Measurement<long>[_counts.Length];
        for (var i = 0; i < measurements.Length; i++)
            measurements[i] = new Measurement<long>(Interlocked.Read(ref _counts[i]), _labels[i]);
        return measurements;
    }
}
