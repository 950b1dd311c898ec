using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Telemetry;

/// <summary>The sections <c>Telemetry</c> and <c>Logs</c> of the configuration.</summary>
/// <param name="Prometheus"><c>Telemetry:Prometheus</c>, true as shipped: metrics are shown at <c>/metrics</c>.</param>
/// <param name="Otlp"><c>Telemetry:Otlp</c>, false as shipped: metrics and traces go to where the standard <c>OTEL_</c> variables say.</param>
/// <param name="JsonLogs"><c>Logs:Format</c> is <c>json</c> and not <c>text</c>, as shipped.</param>
public sealed record TelemetrySettings(bool Prometheus, bool Otlp, bool JsonLogs)
{
    /// <summary>Reads and checks.</summary>
    /// <exception cref="OptionsValidationException">A value is wrong; the message names it.</exception>
    public static TelemetrySettings Read(IConfiguration configuration) => new(
        Flag(configuration, "Telemetry:Prometheus", unlessSaid: true),
        Flag(configuration, "Telemetry:Otlp", unlessSaid: false),
        configuration["Logs:Format"] switch
        {
            null or "" => false,
            var format when format.Equals("text", StringComparison.OrdinalIgnoreCase) => false,
            var format when format.Equals("json", StringComparison.OrdinalIgnoreCase) => true,
            var format => throw Wrong($"Logs:Format is '{format}', but must be text or json."),
        });

    private static bool Flag(IConfiguration configuration, string name, bool unlessSaid)
    {
        if (configuration[name] is not { Length: > 0 } value)
            return unlessSaid;
        return bool.TryParse(value, out var flag) ? flag : throw Wrong($"{name} is '{value}', but must be true or false.");
    }

    private static OptionsValidationException Wrong(string sentence) => new("Telemetry", typeof(TelemetrySettings), [sentence]);
}
