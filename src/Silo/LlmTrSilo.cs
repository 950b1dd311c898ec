using System.Net;
using System.Net.Sockets;
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

    /// <summary>
    /// One process that is its whole cluster: membership in memory, ledgers in SQLite below the data folder. Of the settings it heeds the dashboard's.
    /// </summary>
    public static ISiloBuilder AddLlmTrSilo(this ISiloBuilder silo, DataFolder folder, ClusterSettings? settings = null)
    {
        // Ports that the system picks: a fixed pair would keep a second gateway from starting on this machine. Nothing but this process
        // connects to them, and they are open on the loopback address only.
        var ports = FreeLoopbackPorts(2);
        silo.UseLocalhostClustering(ports[0], ports[1]);
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

    private static int[] FreeLoopbackPorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var ports = listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }
}
