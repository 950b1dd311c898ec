using Azure.Storage.Blobs;
using LlmTr.Grains.Video;
using LlmTr.Silo.Azure.GrainStorage;
using LlmTr.Silo.Azure.Media;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace LlmTr.Silo.Azure.Jobs;

/// <summary>Video jobs of a cluster.</summary>
public static class AzureJobs
{
    /// <summary>The name of the grain storage that keeps the jobs' state.</summary>
    public const string StorageName = "jobs";

    /// <summary>What the container's name ends with.</summary>
    internal const string Container = "jobs";

    // Below the time in which a caller gives up. No repeats by the client: see BlobGrainStorage.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Adds jobs, markers and files on Azure blobs (containers <c>{prefix}-jobs</c> and <c>{prefix}-media</c>, made when the silo starts), beside what
    /// <see cref="Video.VideoJobsOfSilo.AddVideoJobHost"/> adds.
    /// </summary>
    public static IServiceCollection AddAzureVideoJobs(this IServiceCollection services)
    {
        services.AddAzureMedia();
        services.AddJobGrainStorage(StorageName);
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ContainersOfJobs>();
        services.AddSingleton<IVideoJobStore>(static services =>
            new AzureVideoJobs(ContainerOf(services.GetRequiredService<AzureStorage>()), services.GetRequiredKeyedService<IGrainStorage>(StorageName)));
        return services.AddSingleton<IOpenMarkers>(static services => new AzureOpenMarkers(ContainerOf(services.GetRequiredService<AzureStorage>())));
    }

    /// <summary>A client of the blob service that repeats nothing by itself.</summary>
    internal static BlobServiceClient ClientOf(AzureStorage azure) => azure.CreateClient(retries: 0, Limit);

    private static BlobContainerClient ContainerOf(AzureStorage azure) => ClientOf(azure).GetBlobContainerClient(azure.ContainerName(Container));
}
