using LlmTr.Silo.Media;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Silo.Azure.Media;

/// <summary>Files of a cluster, for silos and front ends alike.</summary>
public static class AzureMedia
{
    /// <summary>What the container's name ends with.</summary>
    internal const string Container = "media";

    // One block, or one part, on a slow line. To send or read it again does no harm, so the client may.
    private const int Retries = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Adds the <see cref="IMediaStore"/> in the container <c>{prefix}-media</c>, which the silos make. Connects to nothing before it is used.</summary>
    public static IServiceCollection AddAzureMedia(this IServiceCollection services)
    {
        services.AddAzureStorage();
        return services.AddSingleton<IMediaStore>(static services =>
        {
            var azure = services.GetRequiredService<AzureStorage>();
            return new AzureMediaStore(azure.CreateClient(Retries, Limit).GetBlobContainerClient(azure.ContainerName(Container)));
        });
    }
}
