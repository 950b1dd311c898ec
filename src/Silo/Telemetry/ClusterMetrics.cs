using System.Diagnostics.Metrics;
using LlmTr.Grains.Telemetry;

namespace LlmTr.Silo.Telemetry;

/// <summary>The cluster as one silo sees it.</summary>
public sealed class ClusterMetrics
{
    /// <summary>Makes the instrument.</summary>
    public ClusterMetrics(IMeterFactory meters, ISiloStatusOracle silos) => meters.Create(GatewayTelemetry.Name).CreateObservableGauge(
        "llmtr.cluster.silos", () => silos.GetApproximateSiloStatuses(onlyActive: true).Count, "{silo}", "Silos that this one believes to be alive, itself included.");
}
