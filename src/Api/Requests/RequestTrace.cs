using System.Diagnostics;
using System.Globalization;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Telemetry;

namespace LlmTr.Api.Requests;

/// <summary>
/// What every request has from its first moment: an id that nobody but the gateway chooses, and a clock that tells how long the
/// gateway and xAI took.
/// </summary>
internal sealed class RequestTrace(TimeProvider clock)
{
    private readonly long _arrived = clock.GetTimestamp();
    private string? _idText;

    /// <summary>The request's id, the hold's, and that of its ledger entries.</summary>
    public RequestId Id { get; } = RequestId.New(clock);

    /// <summary>The id as text.</summary>
    public string IdText => _idText ??= Id.ToString();

    /// <summary>Time spent waiting for xAI, up to the moment that the headers go out.</summary>
    public TimeSpan Upstream { get; set; }

    /// <summary>Time since the request arrived.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_arrived);

    /// <summary>The <c>Server-Timing</c> header, milliseconds with one decimal.</summary>
    public string ServerTiming()
    {
        var gateway = Elapsed - Upstream;
        return string.Create(CultureInfo.InvariantCulture, $"gateway;dur={gateway.TotalMilliseconds:F1}, upstream;dur={Upstream.TotalMilliseconds:F1}");
    }
}

/// <summary>The request's <see cref="RequestTrace"/> and what shows of it on every response.</summary>
internal static class RequestTraceMiddleware
{
    /// <summary>Gives each request its context, and each response <c>X-Request-Id</c> and <c>Server-Timing</c>.</summary>
    public static void UseRequestTrace(this IApplicationBuilder app)
    {
        var clock = app.ApplicationServices.GetRequiredService<TimeProvider>();
        app.Use((http, next) =>
        {
            var context = new RequestTrace(clock);
            http.Features.Set(context);
            http.Response.Headers["X-Request-Id"] = context.IdText;

            // From here on it is on every line of the log, here and where grain calls go.
            RequestContext.Set(GatewayTelemetry.RequestId, context.IdText);
            if (Activity.Current is { IsAllDataRequested: true } activity)
                activity.SetTag("llmtr.request.id", context.IdText);
            http.Response.OnStarting(static state =>
            {
                var http = (HttpContext)state;
                http.Response.Headers["Server-Timing"] = http.GetRequestTrace().ServerTiming();
                return Task.CompletedTask;
            }, http);
            return next(http);
        });
    }

    /// <summary>The context of this request.</summary>
    public static RequestTrace GetRequestTrace(this HttpContext http) => http.Features.Get<RequestTrace>()!;

    /// <summary>The id of this request as text.</summary>
    public static string GetRequestIdText(this HttpContext http) => http.GetRequestTrace().IdText;
}
