using LlmTr.Api.Errors;
using LlmTr.Api.Hosting;
using LlmTr.Api.Metering;
using LlmTr.Grains.Video;
using LlmTr.Silo.Hosting;
using LlmTr.Silo.Sqlite;
using Microsoft.Extensions.Options;

namespace LlmTr.Api.Video;

/// <summary>The video routes.</summary>
internal static class VideoRoutes
{
    /// <summary>Adds what they use.</summary>
    public static void AddVideo(this IServiceCollection services, GatewaySettings settings, DataFolder folder)
    {
        services.AddSettings<VideoLinkOptions>("Video").Validate(static options => options.IsValid, VideoLinkOptions.Requirement);
        services.AddSingleton<VideoJobClient>();
        services.AddSingleton<MediaFiles>();
        services.AddSingleton(services => new VideoLinks(
            Secrets.Signing(settings, folder), services.GetRequiredService<IOptions<VideoLinkOptions>>().Value, services.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Maps them.</summary>
    public static void MapVideo(this IEndpointRouteBuilder routes)
    {
        routes.MapMetered(VideoJobOptions.Endpoint, VideoEndpoint.StartAsync);
        routes.MapGet(VideoJobOptions.Endpoint, RefusedException.Answered(VideoReads.ListAsync));
        routes.MapGet($"{VideoJobOptions.Endpoint}/{{id}}", RefusedException.Answered(VideoReads.ReadAsync));
        routes.MapMethods($"{VideoJobOptions.Endpoint}/{{id}}/content", ["GET", "HEAD"], RefusedException.Answered(VideoContent.ReadAsync));
        routes.MapMetered(XaiVideos.Endpoint, XaiVideos.StartAsync);
        routes.MapGet($"{XaiVideos.Place}/{{id}}", RefusedException.Answered(XaiVideos.ReadAsync));
        routes.MapGet("/admin/v1/jobs", RefusedException.Answered(VideoReads.ListForOperatorsAsync));
    }
}
