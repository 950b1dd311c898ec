using LlmTr.Silo.Telemetry;

namespace LlmTr.Api.Telemetry;

/// <summary>Telemetry of a front end.</summary>
internal static class FrontEndTelemetry
{
    /// <summary>Adds what every program measures, and what only a front end does. To be called last, when all services are there.</summary>
    public static void AddFrontEndTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddLlmTrTelemetry(builder.Configuration, "llmtr-api");
        builder.Services.AddMetersAtStart<GatewayMetrics>();
    }
}
