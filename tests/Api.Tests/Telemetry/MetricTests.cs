using LlmTr.Api.Tests.Running;
using LlmTr.Api.Tests.Video;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Telemetry;

/// <summary>What the meters say is what happened.</summary>
public sealed class MetricTests : IAsyncLifetime, IDisposable
{
    private TestGateway _gateway = null!;
    private TestKey _key = null!;
    private Meters _meters = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(configuration: VideoGateway.Fast);
        _key = await _gateway.CreateKeyAsync();
        _meters = new Meters(_gateway);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _meters.Dispose();

    [Theory]
    [InlineData("credits", "out_of_credits")]
    [InlineData("wrong-key", "platform_key_refused")]
    [InlineData("rate", "rate_limited")]
    public async Task Refusal_OfXai_IsCountedByItsKindAndWasThereBeforeAtZero(string fault, string kind)
    {
        _meters.Now("llmtr.xai.refusals", ("kind", kind)).Should().Be(0);
        _meters.Recorded("llmtr.xai.refusals", ("kind", kind)).Should().ContainSingle("an alert sees the first one only where a zero was before it");

        _gateway.Xai.Enqueue(Behaviour.None.With("fault", fault));
        using var response = await _key.PostAsync(TestKey.Hello);

        _meters.Now("llmtr.xai.refusals", ("kind", kind)).Should().Be(1);
        _meters.Now("llmtr.xai.refusals").Should().Be(1);
        await AfterAnswer.IsAsync(() => _meters.Recorded("gen_ai.client.operation.duration", ("error.type", kind)).Count, 1, "it failed for this reason");
    }

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task SettledRequest_IsInEveryMetricThatTellsOfIt(string body)
    {
        using (var response = await _key.PostAsync(body))
            await response.Content.ReadAsStringAsync();
        var settled = (await _key.SettledLedgerAsync()).Single(static line => line.Text("kind") == "hold_settled");

        _meters.Now("llmtr.settlements", ("cost_source", "provider")).Should().Be(1);
        _meters.Now("llmtr.charged.ticks", ("cost_source", "provider")).Should().Be(settled.Number("amount_ticks"));
        _meters.Now("llmtr.ledger.entries", ("kind", "hold_placed")).Should().Be(1);
        _meters.Now("llmtr.ledger.entries", ("kind", "hold_settled")).Should().Be(1);
        _meters.Recorded("llmtr.ledger.append.lines").Should().NotBeEmpty();
        _meters.Recorded("llmtr.storage.duration", ("operation", "append")).Should().NotBeEmpty();
        _meters.Recorded("gen_ai.client.token.usage", ("gen_ai.token.type", "input")).Should().ContainSingle().Which.Should().Be(settled.Number("input_tokens"));
        _meters.Recorded("gen_ai.client.token.usage", ("gen_ai.token.type", "output")).Should().ContainSingle().Which.Should().Be(settled.Number("output_tokens"));
        _meters.Recorded("gen_ai.client.operation.duration", ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "x_ai"), ("gen_ai.request.model", "xai/grok-4.3"))
            .Should().ContainSingle();
        _meters.Recorded("gen_ai.client.operation.time_to_first_chunk").Should().HaveCount(body == TestKey.Hello ? 0 : 1);
        var phases = new[] { "gateway", "hold", "upstream", "settle" }
            .Select(phase => _meters.Recorded("llmtr.request.phase.duration", ("phase", phase), ("http.route", "/v1/responses")));
        phases.Should().AllSatisfy(static times => times.Should().ContainSingle().Which.Should().BeInRange(0.000001, 30));
    }

    [Fact]
    public async Task CallUnderWay_ShowsItsHoldAndItself_AndItsDrainWhenTheClientLeaves()
    {
        _gateway.Xai.Gate.Close();
        using var leaving = new CancellationTokenSource();
        var call = _key.PostAsync(TestKey.Hello, leaving.Token);
        await _gateway.Xai.Gate.WaitForWaitingAsync(1);

        _meters.Now("llmtr.calls.in_flight").Should().Be(1);
        _meters.Now("llmtr.holds.open").Should().Be(1);
        _meters.Now("llmtr.calls.drained").Should().Be(0);
        _meters.Now("llmtr.accounts.overdue").Should().Be(0);

        await leaving.CancelAsync();
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
        {
            while (_meters.Now("llmtr.calls.drained") != 1)
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }

        _gateway.Xai.Gate.Open();
        await call.Invoking(static call => call).Should().ThrowAsync<OperationCanceledException>();
        await _key.SettledLedgerAsync();
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_meters.Now("llmtr.calls.in_flight") != 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), over.Token);
        _meters.Now("llmtr.calls.drained").Should().Be(0);
        _meters.Now("llmtr.holds.open").Should().Be(0);
        _meters.Now("llmtr.hold.oldest.age").Should().Be(0);
    }

    [Fact]
    public async Task UnreconciledAndOverrun_AreCountedAsEntries()
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", "bad-gateway"));
        (await _key.PostAsync(TestKey.Hello)).Dispose();
        _gateway.Xai.Enqueue(Behaviour.None with { Cost = CostSwitch.Ticks(60_000_000_000) });
        (await _key.PostAsync(TestKey.Hello)).Dispose();

        _meters.Now("llmtr.ledger.entries", ("kind", "unreconciled")).Should().Be(1);
        _meters.Now("llmtr.ledger.entries", ("kind", "overrun")).Should().Be(1);
        _meters.Now("llmtr.overrun.ticks").Should().Be(10_000_000_000);
        _meters.Recorded("gen_ai.client.operation.duration", ("error.type", "unreadable")).Should().ContainSingle();
    }

    [Fact]
    public async Task VideoJob_IsInThePhasesAndPolls()
    {
        await _key.FinishedAsync();

        _meters.Now("llmtr.video.phases", ("phase", "polling")).Should().Be(1);
        _meters.Now("llmtr.video.phases", ("phase", "succeeded")).Should().Be(1);
        _meters.Now("llmtr.video.polls").Should().BeGreaterThan(1);
        _meters.Now("llmtr.video.polls", ("result", "done")).Should().Be(1);
        _meters.Recorded("gen_ai.client.operation.duration", ("gen_ai.request.model", "xai/grok-imagine-video")).Should().ContainSingle();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_meters.Now("llmtr.video.sweeps", ("result", "ok")) == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        _meters.Now("llmtr.video.sweep.age").Should().BeLessThan(30);
    }

    [Fact]
    public async Task UnknownModel_IsNoLabel()
    {
        (await _key.PostAsync("""{"model":"canary-model","input":"Hello"}""")).Dispose();
        (await _key.PostAsync(TestKey.Hello)).Dispose();
        _meters.Now("llmtr.holds.open");

        _meters.Labels.Should().Contain("xai/grok-4.3").And.NotContain(static label => label.Contains("canary", StringComparison.Ordinal));
        _meters.Labels.Should().NotContain(label => label.Contains(_key.Id, StringComparison.Ordinal));
    }
}
