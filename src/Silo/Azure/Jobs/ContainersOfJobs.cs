using LlmTr.Silo.Azure.Media;

namespace LlmTr.Silo.Azure.Jobs;

/// <summary>Makes the containers of jobs and files when a silo starts, before anything uses them.</summary>
internal sealed class ContainersOfJobs(AzureStorage azure) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(ContainersOfJobs), ServiceLifecycleStage.RuntimeInitialize, async cancellation =>
    {
        await azure.MakeContainerAsync(AzureJobs.Container, cancellation);
        await azure.MakeContainerAsync(AzureMedia.Container, cancellation);
    });
}
