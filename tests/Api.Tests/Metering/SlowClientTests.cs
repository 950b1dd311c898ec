using System.Net.Sockets;
using System.Text;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Metering;

/// <summary>A client that takes its stream slower than xAI sends it, or not at all, still pays the true cost: its slowness must not look like xAI's silence.</summary>
public sealed class SlowClientTests
{
    [Fact]
    public async Task ClientThatStopsReading_IsSettledAtTheTrueCost()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new()
        {
            ["Metering:IdleLimit"] = "00:00:01",
            ["Metering:ClientPatience"] = "00:00:03",
        });
        var key = await gateway.CreateKeyAsync();
        gateway.Xai.Enqueue(Behaviour.None with { AnswerBytes = 24 * 1024 * 1024, Deltas = 2000, Cost = CostSwitch.Ticks(123_456) });

        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(gateway.Http.BaseAddress!.Host, gateway.Http.BaseAddress.Port);
        var request = $"POST /v1/responses HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {key.Text}\r\nContent-Length: {TestKey.HelloStreamed.Length}\r\n\r\n{TestKey.HelloStreamed}";
        await client.SendAsync(Encoding.UTF8.GetBytes(request));
        await gateway.Xai.WaitForRequestsAsync(1);

        var ledger = await key.SettledLedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        ledger[1].Text("cost_source").Should().Be("provider");
        (await key.ReadAsync()).Balance.Should().Be(UsdTicks.FromUsd(5) - new UsdTicks(123_456));
    }
}
