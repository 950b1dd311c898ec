using System.Diagnostics;

namespace LlmTr.Grains.Telemetry;

/// <summary>The names under which the gateway tells about itself.</summary>
public static class GatewayTelemetry
{
    /// <summary>The gateway's meter, and its source of activities.</summary>
    public const string Name = "LlmTr.Gateway";

    /// <summary>What carries a request's id (<c>req_…</c>) through grain calls, and what it is called on a line of the log.</summary>
    public const string RequestId = "request_id";

    /// <summary>Where the gateway's own activities begin; without a listener none is made.</summary>
    public static ActivitySource Source { get; } = new(Name);
}
