using System.Diagnostics;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Telemetry;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Video;

namespace LlmTr.Silo.Telemetry;

/// <summary>xAI's video routes with a client span around each call, and their metrics. It changes nothing about them.</summary>
internal sealed class ObservedVideos(IXaiVideos videos, ProviderMetrics provider, VideoJobMetrics jobs, TimeProvider clock) : IXaiVideos
{
    public async Task<VideoStart> StartAsync(VideoOrder order, ReadOnlyMemory<byte> image, TimeSpan limit)
    {
        var call = default(ProviderCall);
        _ = RequestId.TryParse(RequestContext.Get(GatewayTelemetry.RequestId) as string, out var id);

        // The order knows xAI's name of the model only; it is the gateway's without the vendor in front.
        call.Begin(provider, ProviderOperation.Video, $"xai/{order.UpstreamModel}", id, clock);
        try
        {
            var answer = await videos.StartAsync(order, image, limit);
            if (answer.Kind == VideoStartKind.Refused)
                call.Refused(answer.Refusal.Kind);
            else if (answer.Kind != VideoStartKind.Accepted)
                call.Failed(answer.Kind.ToString());
            return answer;
        }
        finally
        {
            call.End();
        }
    }

    public async Task<VideoPoll> PollAsync(string requestId, TimeSpan limit)
    {
        // A look is no generation: a span of its own, and none of the GenAI metrics.
        using var activity = GatewayTelemetry.Source.StartActivity("video poll", ActivityKind.Client);
        activity?.SetTag("gen_ai.provider.name", ProviderCall.Provider);
        activity?.SetTag("server.address", provider.Address);
        activity?.SetTag("server.port", provider.Port);
        var answer = await videos.PollAsync(requestId, limit);
        jobs.Polled(answer.Kind);

        // A look does not tell which of the two it is. Without credits xAI answers 403 or 429, to a wrong key mostly 400 or 401 (xAI contract, section 1.4); both are alarms.
        if (answer.Kind == VideoPollKind.PlatformFault)
            provider.Refused(answer.Status is 403 or 429 ? RefusalKind.OutOfCredits : RefusalKind.PlatformKeyRefused);
        activity?.SetTag("llmtr.video.poll", answer.Kind.ToString());
        if (answer.Status != 0)
            activity?.SetTag("http.response.status_code", answer.Status);
        if (answer.Kind is VideoPollKind.NoAnswer or VideoPollKind.PlatformFault)
            activity?.SetStatus(ActivityStatusCode.Error, answer.Kind.ToString());
        return answer;
    }
}
