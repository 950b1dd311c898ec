using System.Net.Sockets;
using System.Text;
using LlmTr.Api.Metering;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using Microsoft.Extensions.DependencyInjection;

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

        using var client = await AskAsync(key, "/v1/responses", TestKey.HelloStreamed);

        var ledger = await key.SettledLedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        ledger[1].Text("cost_source").Should().Be("provider");
        (await key.ReadAsync()).Balance.Should().Be(UsdTicks.FromUsd(5) - new UsdTicks(123_456));
    }

    [Theory]
    [InlineData("/v1/images/generations", """{"model":"xai/grok-imagine-image","prompt":"x","response_format":"b64_json"}""", """{"data":[{"b64_json":"{0}"}],"usage":{"cost_in_usd_ticks":123456}}""")]
    [InlineData(
        "/v1/responses", TestKey.Hello,
        """{"id":"x","object":"response","model":"grok-4.3","status":"completed","error":null,"output":[{"type":"message","content":[{"type":"output_text","text":"{0}"}]}],"usage":{"cost_in_usd_ticks":123456}}""")]
    [InlineData("/v1/audio/transcriptions", """{"model":"xai/grok-voice-stt","audio_base64":"SUQzBAAAAAA="}""", """{"text":"{0}","language":"tr","duration":1,"words":[],"usage":{"cost_in_usd_ticks":123456}}""")]
    public async Task WholeAnswer_ThatItsClientDoesNotRead_GivesItsPlaceBack_AndIsSettled(string path, string body, string answer)
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Metering:ClientPatience"] = "00:00:01" });
        var key = await gateway.CreateKeyAsync();
        gateway.Xai.Enqueue(Behaviour.None with { Body = Long(answer) });

        using var client = await AskAsync(key, path, body);

        var calls = gateway.Services.GetRequiredService<CallsInFlight>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (calls.Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        (await key.SettledLedgerAsync())[^1].Number("amount_ticks").Should().Be(123_456);
    }

    [Fact]
    public async Task WholeAnswer_ThatItsClientDoesNotRead_DoesNotKeepAShutdownBeyondItsTime()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Metering:ShutdownLimit"] = "00:00:00.100" });
        var key = await gateway.CreateKeyAsync();
        gateway.Xai.Enqueue(Behaviour.None with { Body = Long("""{"data":[{"b64_json":"{0}"}],"usage":{"cost_in_usd_ticks":123456}}""") });
        using var client = await AskAsync(key, "/v1/images/generations", """{"model":"xai/grok-imagine-image","prompt":"x","response_format":"b64_json"}""");
        (await key.SettledLedgerAsync())[^1].Number("amount_ticks").Should().Be(123_456);

        // Kestrel by itself would wait for its connection for more than 20 s.
        await gateway.StopAsync().WaitAsync(TimeSpan.FromSeconds(15));
    }

    private static byte[] Long(string answer) => Encoding.UTF8.GetBytes(answer.Replace("{0}", new string('A', 16 * 1024 * 1024), StringComparison.Ordinal));

    /// <summary>Asks, and reads nothing of the answer.</summary>
    private static async Task<Socket> AskAsync(TestKey key, string path, string body)
    {
        var gateway = key.Gateway;
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(gateway.Http.BaseAddress!.Host, gateway.Http.BaseAddress.Port);
        await client.SendAsync(Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {key.Text}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        await gateway.Xai.WaitForRequestsAsync(1);
        return client;
    }
}
