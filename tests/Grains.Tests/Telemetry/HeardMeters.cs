using System.Diagnostics.Metrics;

namespace LlmTr.Grains.Tests.Telemetry;

/// <summary>Makes meters that nobody else hears, and hears them.</summary>
internal sealed class HeardMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(string Name, string Label), long> _heard = [];

    public HeardMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _heard[(instrument.Name, tags.Length == 0 ? "" : $"{tags[0].Value}")] = value);
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>What an observable instrument says now, under the value of its label.</summary>
    public long Now(string name, string label = "")
    {
        _listener.RecordObservableInstruments();
        return _heard[(name, label)];
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(static meter => meter.Dispose());
    }
}
