using LlmTr.Silo.Azure.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;

namespace LlmTr.Silo.Azure.GrainStorage;

/// <summary>Which grain storage keeps the jobs: this project's. Compiled unless the MSBuild property <c>OrleansAzureStorage</c> is true.</summary>
internal static class JobGrainStorage
{
    /// <summary>Adds it under a name.</summary>
    public static IServiceCollection AddJobGrainStorage(this IServiceCollection services, string name) => services.AddGrainStorage(name, static (services, _) =>
    {
        var azure = services.GetRequiredService<AzureStorage>();
        return new BlobGrainStorage(
            AzureJobs.ClientOf(azure).GetBlobContainerClient(azure.ContainerName(AzureJobs.Container)), new VideoJobSerializer(), services.GetRequiredService<IActivatorProvider>());
    });
}
