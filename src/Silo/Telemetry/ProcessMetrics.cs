using System.Diagnostics.Metrics;
using LlmTr.Grains.Telemetry;

namespace LlmTr.Silo.Telemetry;

/// <summary>What every process tells of itself: its clock, which Prometheus can compare with its own.</summary>
public sealed class ProcessMetrics
{
    /// <summary>Makes the instrument.</summary>
    public ProcessMetrics(IMeterFactory meters, TimeProvider clock) => meters.Create(GatewayTelemetry.Name).CreateObservableGauge(
        "llmtr.clock.time", () => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds, "s", "The time of this process's clock, since 1970.");
}
