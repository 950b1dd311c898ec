using LlmTr.Grains.Accounts;
using LlmTr.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>Makes the ledgers of a node lie in the storage account of its cluster.</summary>
public static class AzureLedger
{
    /// <summary>What the container of the ledgers is called behind its prefix.</summary>
    internal const string Purpose = "ledger";

    /// <summary>
    /// Adds the <see cref="ILedgerStore"/> on append blobs: section <c>Azure</c> of the configuration, and <c>Azure:Ledger</c> for <see cref="AzureLedgerOptions"/>. The container is
    /// made when the program starts, before any of its services does; the start fails with an <see cref="AzureStorageException"/> where that cannot be done.
    /// </summary>
    public static IServiceCollection AddAzureLedger(this IServiceCollection services)
    {
        services.AddAzureStorage();
        services.AddSettings<AzureLedgerOptions>("Azure:Ledger")
            .Validate(static options => options.IsValid, AzureLedgerOptions.Requirement);
        services.TryAddSingleton<ILedgerStore>(static provider =>
            new AzureLedgerStore(new AzureLedgerBlobs(provider.GetRequiredService<AzureStorage>()), provider.GetRequiredService<IOptions<AzureLedgerOptions>>().Value));
        services.AddHostedService<LedgerContainer>();
        return services;
    }
}

/// <summary>Makes the container of the ledgers when the program starts.</summary>
internal sealed partial class LedgerContainer(AzureStorage storage, ILogger<LedgerContainer> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (await storage.MakeContainerAsync(AzureLedger.Purpose, cancellationToken))
            LogMade(logger, storage.ContainerName(AzureLedger.Purpose));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "The container '{Container}' was missing and has been made, empty. If this cluster has had ledgers before, stop it and restore them.")]
    private static partial void LogMade(ILogger logger, string container);
}
