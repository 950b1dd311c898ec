using LlmTr.Grains.Abstractions;
using LlmTr.Silo.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmTr.Cluster.Tests.Topology;

/// <summary>Knows which silo hosts which account, by asking the cluster as a client of it.</summary>
internal sealed class GrainPlaces : IAsyncDisposable
{
    private readonly IHost _client;

    private GrainPlaces(IHost client) => _client = client;

    public static async Task<GrainPlaces> ConnectAsync(string redis, string clusterId)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client.ConnectToCluster(new ClusterSettings { IsDistributed = true, Redis = redis, ClusterId = clusterId }));
        var host = builder.Build();
        await host.StartAsync();
        return new GrainPlaces(host);
    }

    /// <summary>The port of the silo that hosts an account now; null where nobody does.</summary>
    public async Task<int?> SiloPortOfAsync(string keyId)
    {
        var grains = _client.Services.GetRequiredService<IGrainFactory>();
        var place = await grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grains.GetGrain<IApiKeyGrain>(keyId));
        return place?.Endpoint.Port;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        _client.Dispose();
    }
}
