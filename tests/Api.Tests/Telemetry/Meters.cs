using System.Diagnostics.Metrics;
using LlmTr.Api.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Telemetry;

/// <summary>The meters of one gateway: other tests' gateways in this process are not heard.</summary>
internal sealed class Meters : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Name, double Value, Dictionary<string, string> Labels)> _heard = [];
    private readonly MeterListener _listener = new();

    public Meters(TestGateway gateway)
    {
        var factory = gateway.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What counters and gauges say now: the sum over all labels that hold these.</summary>
    public double Now(string name, params (string Label, string Value)[] labels)
    {
        lock (_lock)
            _heard.RemoveAll(heard => heard.Name == name);
        _listener.RecordObservableInstruments();
        return Recorded(name, labels).Sum();
    }

    /// <summary>What a histogram was told.</summary>
    public IReadOnlyList<double> Recorded(string name, params (string Label, string Value)[] labels)
    {
        lock (_lock)
        {
            return
            [
                .. _heard
                    .Where(heard => heard.Name == name && labels.All(label => heard.Labels.TryGetValue(label.Label, out var value) && value == label.Value))
                    .Select(static heard => heard.Value),
            ];
        }
    }

    /// <summary>Every name and value of a label that was heard.</summary>
    public IReadOnlyList<string> Labels
    {
        get
        {
            lock (_lock)
                return [.. _heard.SelectMany(static heard => heard.Labels.SelectMany(static label => new[] { label.Key, label.Value })).Distinct()];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new Dictionary<string, string>();
        foreach (var (name, label) in tags)
            labels[name] = label?.ToString() ?? "";
        lock (_lock)
            _heard.Add((instrument.Name, value, labels));
    }
}
