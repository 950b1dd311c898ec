using LlmTr.Api.Errors;
using LlmTr.Api.Metering;
using LlmTr.Grains.Video;

namespace LlmTr.Api.Video;

/// <summary>The video routes.</summary>
internal static class VideoRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapVideo(this IEndpointRouteBuilder routes)
    {
        routes.MapMetered(VideoJobOptions.Endpoint, VideoEndpoint.StartAsync);
        routes.MapGet(VideoJobOptions.Endpoint, RefusedException.Answered(VideoReads.ListAsync));
        routes.MapGet($"{VideoJobOptions.Endpoint}/{{id}}", RefusedException.Answered(VideoReads.ReadAsync));
        routes.MapMethods($"{VideoJobOptions.Endpoint}/{{id}}/content", ["GET", "HEAD"], RefusedException.Answered(VideoContent.ReadAsync));
        routes.MapGet("/admin/v1/jobs", RefusedException.Answered(VideoReads.ListForOperatorsAsync));
    }
}
