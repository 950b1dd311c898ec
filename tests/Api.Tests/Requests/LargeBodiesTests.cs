using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmTr.Api.Requests;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Requests;

/// <summary>Large requests are bounded in number, and take no memory before their bytes have come.</summary>
public sealed class LargeBodiesTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task BodiesBeyondTheirMemory_Are503_AndNothingOfThemStays()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Metering:LargeBodyBytes"] = $"{128 * MiB}" });
        var key = await gateway.CreateKeyAsync();
        var image = new string('A', 30 * MiB);
        var body = $$"""{"model":"xai/grok-4.3","max_output_tokens":300,"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,{{image}}"}]}]}""";
        gateway.Xai.Gate.Close();

        // Four of them take 32 MiB each; the fifth finds no room.
        var admitted = Enumerable.Range(0, 4).Select(_ => key.PostAsync(body)).ToArray();
        await gateway.Xai.Gate.WaitForWaitingAsync(4);
        using var fifth = await key.PostAsync(body);
        (await fifth.ErrorAsync()).Should().Be((503, "provider_unavailable", null));
        fifth.Header("Retry-After").Should().NotBeNull();
        using var small = await gateway.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{key.Id}");
        small.StatusCode.Should().Be(HttpStatusCode.OK);

        gateway.Xai.Gate.Open();
        foreach (var answer in await Task.WhenAll(admitted))
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await key.ReadAsync()).Held.Should().Be(UsdTicks.Zero);
        await gateway.StopAsync();
        gateway.Services.GetRequiredService<LargeBodies>().Bytes.Should().Be(0);
    }

    [Fact]
    public async Task AnnouncedBytes_TakeNoMemory()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.CreateKeyAsync();
        var large = gateway.Services.GetRequiredService<LargeBodies>();
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Http.BaseAddress!.Host, gateway.Http.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"POST /v1/responses HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {key.Text}\r\nContent-Length: {32 * MiB}\r\nExpect: 100-continue\r\n\r\n"));
        var go = new byte[25];
        await stream.ReadExactlyAsync(go);
        Encoding.ASCII.GetString(go).Should().StartWith("HTTP/1.1 100 Continue");

        large.Bytes.Should().Be(0);
    }
}
