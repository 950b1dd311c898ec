using System.Net;
using System.Net.Sockets;
using LlmTr.Api.Hosting;
using LlmTr.Silo.Sqlite;
using LlmTr.XaiSimulator;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace LlmTr.Api.Tests.Running;

/// <summary>The ports of the silo inside one process: a customer's never meet them, and they must not be in each other's way.</summary>
public sealed class OwnPortsTests
{
    [Fact]
    public async Task WhenOthersTakeThePortsMeanwhile_StartsAllTheSame()
    {
        await using var xai = await Simulator.StartAsync();
        var path = Directory.CreateTempSubdirectory("llmtr-test-").FullName;
        using (var folder = DataFolder.Open(path))
        {
            var settings = new GatewaySettings { Port = 0, XaiApiKey = xai.ApiKey, AdminToken = TestGateway.AdminToken, SigningSecret = TestGateway.SigningSecret };
            await using var gateway = Gateway.Build(settings, folder, xai.BaseUrl, static builder => builder.Logging.ClearProviders());
            var endpoints = gateway.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;

            // Between the choice of a port and its use, it is anyone's.
            using var others = new Others(
                endpoints.SiloListeningEndpoint?.Port ?? endpoints.SiloPort, endpoints.GatewayListeningEndpoint?.Port ?? endpoints.GatewayPort);
            await gateway.StartAsync();

            using var http = new HttpClient { BaseAddress = new Uri(gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
            using var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            ready.StatusCode.Should().Be(HttpStatusCode.OK);
            await gateway.StopAsync();
        }

        Directory.Delete(path, recursive: true);
    }

    /// <summary>Someone else's listeners.</summary>
    private sealed class Others : IDisposable
    {
        private readonly TcpListener[] _listeners;

        public Others(params int[] ports)
        {
            _listeners = [.. ports.Select(static port => new TcpListener(IPAddress.Loopback, port))];
            foreach (var listener in _listeners)
                listener.Start();
        }

        public void Dispose()
        {
            foreach (var listener in _listeners)
                listener.Dispose();
        }
    }
}
