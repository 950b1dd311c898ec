using System.Net;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Cluster;
using LlmTr.Silo.Azure.Jobs;
using LlmTr.Silo.Azure.Ledgers;
using LlmTr.Silo.Cluster;
using LlmTr.Silo.Hosting;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Video;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace LlmTr.Silo;

/// <summary>Makes a silo a node of the gateway.</summary>
public static class LlmTrSilo
{
    /// <summary>
    /// A call to a silo that has died does not fail, it hangs until this time-out; the caller then repeats with the same id. Above the
    /// append time-out, so that a slow store is told as such and not as silence.
    /// </summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    // Part of the silo's name in logs. Orleans refuses 0; nothing ever listens at this one.
    private const int NameOnlyPort = 1;

    /// <summary>
    /// One process that is its whole cluster: membership in memory, ledgers in SQLite below the data folder. Of the settings it heeds the dashboard's.
    /// </summary>
    public static ISiloBuilder AddLlmTrSilo(this ISiloBuilder silo, DataFolder folder, ClusterSettings? settings = null)
    {
        // Nobody connects to the only silo, itself included. Orleans listens all the same, where the system finds room at that moment: of a port that was chosen
        // before, another connection could make its own meanwhile, and a fixed one would keep a second gateway from starting on this machine.
        silo.UseLocalhostClustering(NameOnlyPort, gatewayPort: 0);
        silo.Configure<EndpointOptions>(static endpoints => endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, 0));
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        silo.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        silo.AddNode(settings ?? new ClusterSettings());
        silo.Services.AddSingleton(folder);
        silo.Services.AddSingleton<ILedgerStore, SqliteLedgerStore>();
        silo.Services.AddSqliteVideoJobs();
        return silo;
    }

    /// <summary>One of many processes: membership in Redis, everything that must last on Azure storage.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static ISiloBuilder AddLlmTrSilo(this ISiloBuilder silo, ClusterSettings settings)
    {
        silo.JoinCluster(settings);
        silo.AddNode(settings);
        silo.Services.AddAzureLedger();
        silo.Services.AddAzureVideoJobs();
        return silo;
    }

    private static void AddNode(this ISiloBuilder silo, ClusterSettings settings)
    {
        if (settings.Dashboard)
            silo.AddDashboard();

        // The watchdog warns at every start of a check that "has not completed" since the machine booted, the lifecycle of every stop during a start.
        silo.ConfigureLogging(static logging => logging
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Orleans.Runtime.SiloLifecycleSubject", LogLevel.Error));

        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSettings<AccountOptions>("Accounts")
            .Validate(static options => options.IsValid, AccountOptions.Requirement);
        silo.Services.AddPlacementDirector<NamedSiloPlacement, NamedSiloDirector>();
        silo.Services.AddVideoJobHost();
    }
}
