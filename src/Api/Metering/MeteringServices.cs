using LlmTr.Api.Accounts;
using LlmTr.Api.Telemetry;
using LlmTr.Silo.Telemetry;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Metering;

/// <summary>What every metered call uses.</summary>
internal sealed record MeteringServices(
    AccountClient Accounts,
    Endings Endings,
    CallsInFlight Calls,
    XaiClient Xai,
    GatewayMetrics Metrics,
    ProviderMetrics Provider,
    MeteringOptions Options,
    TimeProvider Clock,
    ILogger<MeteredCall> Logger);
