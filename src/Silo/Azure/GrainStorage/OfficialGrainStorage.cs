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
/// <remarks>
/// The package cannot be restored where this project is built, so this file is not compiled there. What it uses was checked against the provider's source: the extension
/// <c>AddAzureBlobGrainStorage(IServiceCollection, string, Action&lt;OptionsBuilder&lt;AzureBlobStorageOptions&gt;&gt;)</c>, and of the options <c>BlobServiceClient</c>,
/// <c>ContainerName</c> and <c>GrainStorageSerializer</c>. The same tests run against it where the property is on.
/// </remarks>
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
