using LlmTr.Silo.Cluster;
using LlmTr.Silo.Telemetry;

namespace LlmTr.Api.Telemetry;

/// <summary>Telemetry of a front end.</summary>
internal static class FrontEndTelemetry
{
    /// <summary>Adds what every program measures, and what only a front end does. To be called last, when all services are there.</summary>
    public static void AddFrontEndTelemetry(this WebApplicationBuilder builder, ClusterSettings cluster)
    {
        builder.Services.AddLlmTrTelemetry(builder.Configuration, "llmtr-api");
        builder.Services.AddMetersAtStart<GatewayMetrics>();

        // A filter around every grain call costs something even where traces go nowhere.
        if (!TelemetrySettings.Read(builder.Configuration).Otlp)
            return;
        if (cluster.IsDistributed)
            builder.Host.UseOrleansClient(static client => client.AddActivityPropagation());
        else
            builder.Host.UseOrleans(static silo => silo.AddActivityPropagation());
    }
}
