using System.Diagnostics;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Telemetry;
using LlmTr.Xai.Video;
using LlmTr.Xai.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LlmTr.Silo.Telemetry;

/// <summary>Metrics, traces and the form of the log, the same for every program of the gateway.</summary>
public static class LlmTrTelemetry
{
    private const string MetricsPath = "/metrics";

    /// <summary>
    /// Adds what is measured and where it goes, as the sections <c>Telemetry</c> and <c>Logs</c> of the configuration say. To be called when the program's services are
    /// there: it measures the ledger store and the video routes that it finds.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="serviceName">The program: <c>llmtr-api</c>, <c>llmtr-silo</c>.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is wrong; the message names it.</exception>
    public static void AddLlmTrTelemetry(this IServiceCollection services, IConfiguration configuration, string serviceName)
    {
        var settings = TelemetrySettings.Read(configuration);
        services.TryAddSingleton(settings);
        services.AddRequestIdLogs(settings.JsonLogs);
        services.AddMeasurements();

        // Kestrel's reading of a request's head; Orleans reads its own messages through the same object.
        services.Replace(ServiceDescriptor.Singleton<DistributedContextPropagator>(new OwnTraces(DistributedContextPropagator.Current)));
        if (settings is { Prometheus: false, Otlp: false })
            return;

        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName, serviceNamespace: "llmtr", serviceVersion: XaiClient.Version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(GatewayTelemetry.Name, "Microsoft.Orleans").AddAspNetCoreInstrumentation().AddRuntimeInstrumentation();
                if (settings.Prometheus)
                    metrics.AddPrometheusExporter(static options => options.ScopeInfoEnabled = false);
                if (settings.Otlp)
                    metrics.AddOtlpExporter();
            });

        // Only where traces go somewhere: without a listener activities cost nothing.
        if (settings.Otlp)
            telemetry.WithTracing(static traces => traces.AddLlmTrTraces().AddOtlpExporter());
    }

    /// <summary>Adds the sources of the gateway's traces: incoming requests, grain calls, holds, calls of xAI.</summary>
    public static TracerProviderBuilder AddLlmTrTraces(this TracerProviderBuilder traces)
    {
        // The instrumentation reads a request's head a second time, unless this propagator is the process's: then it believes what Kestrel has read.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        return traces
            .AddSource(GatewayTelemetry.Name, "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime")
            .AddAspNetCoreInstrumentation(static options => options.Filter = static http => !IsService(http.Request.Path));
    }

    /// <summary>Maps <c>GET /metrics</c> for Prometheus, unless it is off. It asks for no key: the front door must not pass it on to the outside.</summary>
    public static void MapLlmTrMetrics(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<TelemetrySettings>().Prometheus)
            routes.MapPrometheusScrapingEndpoint(MetricsPath).WithMetadata(new HttpMethodMetadata([HttpMethods.Get])).DisableHttpMetrics();
    }

    private static void AddMeasurements(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHostedService<MetersAtStart>();
        services.AddMetersAtStart<ProviderMetrics>();
        services.AddMetersAtStart<ProcessMetrics>();
        services.Decorate<IXaiVideos>(static (services, videos) => new ObservedVideos(
            videos, services.GetRequiredService<ProviderMetrics>(), services.GetRequiredService<VideoJobMetrics>(), services.GetRequiredService<TimeProvider>()));

        // A program with ledgers is one with accounts and jobs.
        if (!services.Decorate<ILedgerStore>(static (services, store) => new MeasuredLedgerStore(
            store, services.GetRequiredService<StorageMetrics>(), services.GetRequiredService<TimeProvider>())))
        {
            return;
        }

        services.AddMetersAtStart<StorageMetrics>();
        services.AddMetersAtStart<AccountMetrics>();
        services.AddMetersAtStart<VideoJobMetrics>();
        services.AddMetersAtStart<ClusterMetrics>();
    }

    private static bool IsService(PathString path) => path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments(MetricsPath, StringComparison.Ordinal);
}
