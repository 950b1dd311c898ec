using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace LlmTr.Silo.Telemetry;

/// <summary>
/// Every request begins a trace of its own: <c>traceparent</c> and <c>baggage</c> in a request's head are a stranger's, who could choose which requests are recorded and have
/// the gateway carry his text from process to process. Between the gateway's own processes traces go on.
/// </summary>
/// <param name="own">How traces are carried otherwise.</param>
internal sealed class OwnTraces(DistributedContextPropagator own) : DistributedContextPropagator
{
    public override IReadOnlyCollection<string> Fields => own.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => own.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        (traceId, traceState) = (null, null);
        if (carrier is not IHeaderDictionary)
            own.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        carrier is IHeaderDictionary ? null : own.ExtractBaggage(carrier, getter);
}
