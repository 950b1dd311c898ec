using LlmTr.Silo.Azure.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;

namespace LlmTr.Silo.Azure.GrainStorage;

/// <summary>
/// Which grain storage keeps the jobs: Orleans' own. Compiled where the MSBuild property <c>OrleansAzureStorage</c> is true, over the same container, names and JSON as
/// <see cref="BlobGrainStorage"/>.
/// </summary>
internal static class JobGrainStorage
{
    /// <summary>Adds it under a name.</summary>
    public static IServiceCollection AddJobGrainStorage(this IServiceCollection services, string name) =>
        services.AddAzureBlobGrainStorage(name, static (OptionsBuilder<AzureBlobStorageOptions> options) => options.Configure<AzureStorage>(static (options, azure) =>
        {
            options.BlobServiceClient = AzureJobs.ClientOf(azure);
            options.ContainerName = azure.ContainerName(AzureJobs.Container);
            options.GrainStorageSerializer = new VideoJobSerializer();
        }));
}
