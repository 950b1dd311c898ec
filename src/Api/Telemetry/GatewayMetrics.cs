using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmTr.Api.Metering;
using LlmTr.Grains.Telemetry;

namespace LlmTr.Api.Telemetry;

/// <summary>
/// What a front end does: where the time of a request goes, and what is under way. How many requests came, on which route and with which status, ASP.NET Core's own
/// <c>http.server.request.duration</c> tells.
/// </summary>
internal sealed class GatewayMetrics
{
    private readonly Histogram<double> _phases;

    public GatewayMetrics(IMeterFactory meters, CallsInFlight calls, Endings endings)
    {
        var meter = meters.Create(GatewayTelemetry.Name);
        _phases = meter.CreateHistogram("llmtr.request.phase.duration", "s", "Where the time of a metered request went.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
        });
        meter.CreateObservableUpDownCounter("llmtr.calls.in_flight", () => calls.Count, "{call}", "Calls to xAI from admission to the end of their settlement.");
        meter.CreateObservableUpDownCounter("llmtr.calls.limit", () => calls.Most, "{call}", "How many calls are admitted at one time.");
        meter.CreateObservableUpDownCounter("llmtr.calls.drained", () => calls.Drained, "{call}", "Calls whose client has left, and which go on for the sake of their cost.");
        meter.CreateObservableUpDownCounter("llmtr.settlements.pending", () => endings.Open, "{hold}", "Ends of holds that their accounts have not taken yet.");
    }

    /// <summary>Records where a request's time went. A phase that it did not come to is not recorded.</summary>
    /// <param name="route">The public path.</param>
    /// <param name="phases">The times.</param>
    public void Ended(string route, in RequestPhases phases)
    {
        Record(route, "gateway", phases.Gateway);
        Record(route, "hold", phases.Hold);
        Record(route, "upstream", phases.Upstream);
        Record(route, "settle", phases.Settle);
    }

    private void Record(string route, string phase, TimeSpan took)
    {
        if (took > TimeSpan.Zero)
            _phases.Record(took.TotalSeconds, new TagList { { "http.route", route }, { "phase", phase } });
    }
}

/// <summary>The time of one metered request, in parts.</summary>
/// <param name="Total">From its arrival to its end.</param>
/// <param name="Hold">Waiting for the hold.</param>
/// <param name="Upstream">Waiting for xAI; of a stream, until its last frame.</param>
/// <param name="Settle">Waiting for the end of the hold.</param>
internal readonly record struct RequestPhases(TimeSpan Total, TimeSpan Hold, TimeSpan Upstream, TimeSpan Settle)
{
    /// <summary>What is left: the gateway's own.</summary>
    public TimeSpan Gateway => Total - Hold - Upstream - Settle;
}
