using System.Text;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Metering;

/// <summary>xAI falls silent. Each test shortens only the limit that it is about, so that a slow machine cannot meet another one.</summary>
public sealed class TimeLimitTests
{
    [Theory]
    [InlineData(TestKey.Hello, "Metering:TextLimit")]
    [InlineData(TestKey.HelloStreamed, "Metering:StreamFirstByteLimit")]
    public async Task NoAnswerInTime_IsUnreconciled(string body, string limit)
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { [limit] = "00:00:01" });
        var key = await gateway.CreateKeyAsync();
        gateway.Xai.Enqueue(Behaviour.None with { Stall = BreakPoint.Before });
        using var response = await key.PostAsync(body);

        (await response.ErrorAsync()).Should().Be((504, "timeout", null));
        response.Header("x-should-retry").Should().Be("false");
        (await key.SettledLedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "unreconciled");
        (await key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 1));
    }

    [Fact]
    public async Task StreamThatFallsSilent_IsSettledAtAnEstimate()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Metering:IdleLimit"] = "00:00:02" });
        var key = await gateway.CreateKeyAsync();
        gateway.Xai.Enqueue(Behaviour.None with { Stall = BreakPoint.Stream, After = 8 });
        using var response = await key.PostAsync(TestKey.HelloStreamed);

        (await response.Content.ReadAsStringAsync()).Should().Contain("event: error");
        var ledger = await key.SettledLedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        ledger[1].Text("cost_source").Should().Be("estimate");
        ledger[1].Number("amount_ticks").Should().BePositive().And.BeLessThanOrEqualTo(ledger[0].Number("amount_ticks"));
    }

    [Fact]
    public async Task StreamThatFallsSilentBeforeTheLastBlankLine_IsSettledAtTheCostThatItTold()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Metering:IdleLimit"] = "00:00:02" });
        var key = await gateway.CreateKeyAsync();
        var end = Encoding.UTF8.GetBytes("""
            event: response.completed
            data: {"type":"response.completed","response":{"object":"response","status":"completed","model":"grok-4.3","usage":{"cost_in_usd_ticks":123456}}}


            """);
        gateway.Xai.Enqueue(Behaviour.None with { Body = end, ContentType = "text/event-stream", Stall = BreakPoint.Body, After = end.Length - 1 });
        using var response = await key.PostAsync(TestKey.HelloStreamed);

        (await response.Content.ReadAsStringAsync()).Should().NotContain("event: error").And.EndWith("}\n\n\n");
        var ledger = await key.SettledLedgerAsync();
        ledger[1].Text("cost_source").Should().Be("provider");
        ledger[1].Number("amount_ticks").Should().Be(123_456);
    }

    [Fact]
    public async Task WholeAnswerThatFallsSilentInTheMiddle_IsSettledAtAnEstimate()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Metering:TextLimit"] = "00:00:03" });
        var key = await gateway.CreateKeyAsync();
        gateway.Xai.Enqueue(Behaviour.None with { Stall = BreakPoint.Body, After = 300 });
        using var response = await key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((504, "timeout", null));
        (await key.SettledLedgerAsync())[^1].Text("cost_source").Should().Be("estimate");
    }
}
