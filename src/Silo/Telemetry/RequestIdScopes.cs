using System.Collections;
using System.Diagnostics;
using LlmTr.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmTr.Silo.Telemetry;

/// <summary>
/// Puts the request's id and its trace on every line of the log. They are looked for when a line is written, where the request's context carries them through grain calls
/// anyway: a call that logs nothing pays nothing, which a scope opened around each would.
/// </summary>
/// <param name="withOthers">True to show the scopes of ASP.NET Core and others too.</param>
internal sealed class RequestIdScopes(bool withOthers) : IExternalScopeProvider
{
    private readonly LoggerExternalScopeProvider _others = new();

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        var (id, activity) = (RequestContext.Get(GatewayTelemetry.RequestId) as string, Activity.Current);
        if (id is not null || activity is not null)
            callback(new Line(id, activity), state);
        if (withOthers)
            _others.ForEachScope(callback, state);
    }

    public IDisposable Push(object? state) => _others.Push(state);

    /// <summary>What a line says of its request.</summary>
    private sealed class Line(string? requestId, Activity? activity) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => (requestId is null ? 0 : 1) + (activity is null ? 0 : 2);

        public KeyValuePair<string, object?> this[int index] => (requestId is null ? index + 1 : index) switch
        {
            0 => new(GatewayTelemetry.RequestId, requestId),
            1 => new("trace_id", activity!.TraceId.ToHexString()),
            _ => new("span_id", activity!.SpanId.ToHexString()),
        };

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
                yield return this[i];
        }

        public override string ToString() => string.Join(' ', this.Select(static item => $"{item.Key}={item.Value}"));

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
