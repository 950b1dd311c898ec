using LlmTr.Api.Accounts;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Metering;

/// <summary>What every metered call uses.</summary>
internal sealed record MeteringServices(
    AccountClient Accounts,
    Endings Endings,
    CallsInFlight Calls,
    XaiClient Xai,
    MeteringOptions Options,
    TimeProvider Clock,
    ILogger<MeteredCall> Logger);
