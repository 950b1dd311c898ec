using LlmTr.Silo.Hosting;
using Microsoft.Extensions.Hosting;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Versions.Compatibility;
using Orleans.Versions.Selector;
using StackExchange.Redis;

namespace LlmTr.Silo.Cluster;

/// <summary>How silos notice that another one has died, and how front ends learn of it: in seconds, where the defaults take a minute.</summary>
public static class ClusterMembership
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    // By what a whole cluster that was killed is told apart from one that lives, when the first silo starts again.
    private static readonly TimeSpan SayAliveEvery = TimeSpan.FromSeconds(2);

    // A silo that is paused keeps its connections open: until front ends learn that it was voted out, they send through it, and wait.
    private static readonly TimeSpan LearnOfSilosEvery = TimeSpan.FromSeconds(1);

    /// <summary>Makes a silo a member.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void JoinCluster(this ISiloBuilder silo, ClusterSettings settings)
    {
        var redis = RedisConfiguration(settings);
        silo.UseRedisClustering(options => Use(redis, options));
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
        silo.Configure<SiloMessagingOptions>(options => (options.ResponseTimeout, options.CancelRequestOnTimeout) = (LlmTrSilo.ResponseTimeout, false));
        silo.Configure<ClientMessagingOptions>(options => (options.ResponseTimeout, options.CancelRequestOnTimeout) = (LlmTrSilo.ResponseTimeout, false));
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = ProbeEvery;
            options.MinProbeTimeout = ProbeEvery / 2;
            options.NumMissedProbesLimit = 2;
            options.IAmAliveTablePublishTimeout = SayAliveEvery;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(10);

            // The table is read at every change: entries of silos that died days ago say nothing any more.
            options.DefunctSiloExpiration = TimeSpan.FromHours(1);
            options.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        });

        // Two builds in one cluster, silos first: a newer silo serves older callers; an older silo hands over what a newer caller asks for. These are Orleans' defaults too; an upgrade leans on them.
        silo.Configure<GrainVersioningOptions>(static options =>
        {
            options.DefaultCompatibilityStrategy = nameof(BackwardCompatible);
            options.DefaultVersionSelectorStrategy = nameof(AllCompatibleVersions);
        });

        // Kubernetes gives the address, not the ports.
        silo.Configure<EndpointOptions>(options => (options.SiloPort, options.GatewayPort) = (settings.SiloPort, settings.GatewayPort));
        if (settings.Kubernetes)
            silo.UseKubernetesHosting();
        else if (settings.Address is { } address)
            silo.ConfigureEndpoints(address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: !System.Net.IPAddress.IsLoopback(address));
        else
            silo.ConfigureEndpoints(settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: true);
    }

    /// <summary>Makes a front end a client of the cluster. It starts without one, and looks for it until it is there.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void ConnectToCluster(this IClientBuilder client, ClusterSettings settings)
    {
        var redis = RedisConfiguration(settings);
        client.UseRedisClustering(options => Use(redis, options));
        client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = LearnOfSilosEvery);
        client.Configure<ClientMessagingOptions>(options => (options.ResponseTimeout, options.CancelRequestOnTimeout) = (LlmTrSilo.ResponseTimeout, false));
        if (settings.Dashboard)
            client.AddDashboard();
        client.UseConnectionRetryFilter(static async (_, cancellation) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            return true;
        });
    }

    private static void Use(ConfigurationOptions redis, RedisClusteringOptions options)
    {
        options.ConfigurationOptions = redis;

        // An entry that expires would make a silo that lives unknown after a quiet day.
        options.EntryExpiry = null;
    }

    private static ConfigurationOptions RedisConfiguration(ClusterSettings settings)
    {
        try
        {
            var redis = ConfigurationOptions.Parse(settings.Redis);

            // Whoever starts before Redis does waits for it.
            redis.AbortOnConnectFail = false;
            return redis;
        }
        catch (ArgumentException exception)
        {
            // What it says may repeat a password.
            throw new StartupException("Cluster:Redis cannot be read: it must be as StackExchange.Redis writes it, such as redis.example:6379,ssl=true,password=…", exception);
        }
    }
}
