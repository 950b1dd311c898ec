using LlmTr.Grains.Video;
using LlmTr.Silo.Hosting;
using LlmTr.Silo.Media;
using LlmTr.Silo.Sqlite;
using LlmTr.Xai.Video;
using LlmTr.Xai.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Video;

/// <summary>Makes a silo one that runs video jobs.</summary>
public static class VideoJobsOfSilo
{
    /// <summary>
    /// What every silo has, wherever its jobs are kept. <see cref="XaiClient"/> is expected among the services, or another <see cref="IXaiVideos"/>; and the stores:
    /// <see cref="IVideoJobStore"/>, <see cref="IOpenMarkers"/> and <see cref="IMediaStore"/>.
    /// </summary>
    public static void AddVideoJobHost(this IServiceCollection services)
    {
        services.AddSettings<VideoJobOptions>("Video").Validate(static options => options.IsValid, VideoJobOptions.Requirement);
        services.AddSettings<MediaOptions>("Media").Validate(static options => options.IsValid, MediaOptions.Requirement);
        services.AddSingleton(static services =>
        {
            var options = services.GetRequiredService<IOptions<MediaOptions>>().Value;
            return new MediaDownload([.. options.Hosts], options.InsecureAuthority);
        });
        services.AddSingleton<IJobMedia, JobMedia>();
        services.AddSingleton<IJobAccounts, JobAccounts>();
        services.TryAddSingleton<IXaiVideos, XaiVideos>();
        services.AddSingleton<VideoJobServices>();
        services.AddSingleton<ISiloShare, SiloShare>();
        services.AddHostedService<VideoJobSweeper>();
    }

    /// <summary>Jobs and markers in SQLite, files in a folder, both below the data folder.</summary>
    public static void AddSqliteVideoJobs(this IServiceCollection services)
    {
        services.AddSingleton<SqliteVideoJobs>();
        services.AddSingleton<IVideoJobStore>(static services => services.GetRequiredService<SqliteVideoJobs>());
        services.AddSingleton<IOpenMarkers>(static services => services.GetRequiredService<SqliteVideoJobs>());
        services.AddSingleton<IMediaStore, FolderMediaStore>();
    }
}
