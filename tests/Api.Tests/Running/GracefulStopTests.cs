using System.Net;
using LlmTr.Api.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmTr.Api.Tests.Running;

/// <summary>A front end that was told to stop takes requests until load balancers had the time to notice.</summary>
public sealed class GracefulStopTests
{
    [Fact]
    public async Task WhileItDrains_IsNotReady_AndStillServesAndClosesConnections()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Shutdown:Drain"] = "00:00:03" });
        var key = await gateway.CreateKeyAsync();
        using var before = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));

        gateway.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var stopped = gateway.StopAsync();
        using var ready = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        using var live = await gateway.Http.GetAsync(new Uri("/health/live", UriKind.Relative));
        using var answer = await key.PostAsync(TestKey.Hello);

        before.StatusCode.Should().Be(HttpStatusCode.OK);
        before.Headers.ConnectionClose.Should().BeNull();
        ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        live.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.StatusCode.Should().Be(HttpStatusCode.OK, "it came before the front end left");
        answer.Headers.ConnectionClose.Should().BeTrue();
        stopped.IsCompleted.Should().BeFalse();
        await stopped;
        gateway.Services.GetRequiredService<GracefulStop>().Leaving.IsCancellationRequested.Should().BeTrue();
    }
}
