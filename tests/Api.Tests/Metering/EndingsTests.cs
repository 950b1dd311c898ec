using System.Net;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Metering;

/// <summary>How a request can end, and what exactly that leaves in the ledger: one test a row of the table in docs/money.md.</summary>
public sealed class EndingsTests : IAsyncLifetime
{
    private static readonly UsdTicks FiveUsd = UsdTicks.FromUsd(5);

    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task Answer_WithACost_IsSettledAtExactlyThat(string body)
    {
        using var response = await _key.PostAsync(body);
        await response.Content.ReadAsStringAsync();

        var cost = _gateway.Xai.Requests.Single().Billed;
        cost.IsPositive.Should().BeTrue();
        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_settled", cost, "provider"));
        await AccountShouldBeAsync(FiveUsd - cost);
    }

    [Fact]
    public async Task WholeAnswer_TellsCostAndBalanceInItsHeaders()
    {
        using var response = await _key.PostAsync(TestKey.Hello);

        var cost = _gateway.Xai.Requests.Single().Billed;
        response.Header("X-LLMTR-Cost-USD").Should().Be(cost.ToUsdString());
        response.Header("X-LLMTR-Balance-USD").Should().Be((FiveUsd - cost).ToUsdString());
        response.Header("X-LLMTR-Settlement").Should().BeNull();
    }

    [Theory]
    [InlineData("omit")]
    [InlineData("null")]
    [InlineData("string")]
    [InlineData("negative")]
    [InlineData("fractional")]
    [InlineData("overflow")]
    public async Task Answer_WithoutAReadableCost_IsSettledAtTheCataloguesPrice(string cost)
    {
        foreach (var body in (string[])[TestKey.Hello, TestKey.HelloStreamed])
        {
            _gateway.Xai.Enqueue(Behaviour.None.With("cost", cost));
            using var response = await _key.PostAsync(body);
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            await response.Content.ReadAsStringAsync();
        }

        // The simulator bills the true cost whatever it reports, by formulas of its own.
        var billed = _gateway.Xai.Requests.Select(request => request.Billed).ToArray();
        await LedgerShouldBeAsync(
            ("hold_placed", null, null), ("hold_settled", billed[0], "catalogue"), ("hold_placed", null, null), ("hold_settled", billed[1], "catalogue"));
    }

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task Answer_WithACostOfZero_IsBelieved(string body)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Cost = CostSwitch.Ticks(0) });
        using var response = await _key.PostAsync(body);
        await response.Content.ReadAsStringAsync();

        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_settled", UsdTicks.Zero, "provider"));
        await AccountShouldBeAsync(FiveUsd);
    }

    [Theory]
    [InlineData("omit")]
    [InlineData("null")]
    public async Task Answer_WithoutCostAndUsage_IsSettledAtAnEstimateWithinTheHold(string usage)
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("usage", usage));
        using var response = await _key.PostAsync("""{"model":"xai/grok-4.3","input":"Hello","max_output_tokens":4000}""");
        response.StatusCode.Should().Be(HttpStatusCode.OK);

        await EstimateShouldStandAsync(["hold_placed", "hold_settled"]);
    }

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task CostAboveTheHold_TakesTheRestFromTheBalance(string body)
    {
        var cost = UsdTicks.FromUsd(4);
        _gateway.Xai.Enqueue(Behaviour.None with { Cost = CostSwitch.Ticks(cost.Value) });
        using var response = await _key.PostAsync(body);
        await response.Content.ReadAsStringAsync();

        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_settled", cost, "provider"));
        await AccountShouldBeAsync(UsdTicks.FromUsd(1));
    }

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task CostAboveTheBalance_IsAnOverrun(string body)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Cost = CostSwitch.Ticks(UsdTicks.FromUsd(7).Value) });
        using var response = await _key.PostAsync(body);
        await response.Content.ReadAsStringAsync();

        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_settled", FiveUsd, "provider"), ("overrun", UsdTicks.FromUsd(2), null));
        await AccountShouldBeAsync(UsdTicks.Zero);
    }

    [Fact]
    public async Task StreamThatFailsWithACost_IsSettledAtExactlyThat()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { End = Ending.FailedWithUsage });
        using var response = await _key.PostAsync(TestKey.HelloStreamed);
        (await response.Content.ReadAsStringAsync()).Should().Contain("response.failed");

        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_settled", _gateway.Xai.Requests.Single().Billed, "provider"));
    }

    [Theory]
    [InlineData(Ending.Failed)]
    [InlineData(Ending.Error)]
    [InlineData(Ending.BareError)]
    public async Task StreamThatFailsWithoutACost_BeforeAnythingCame_IsReleased(Ending end)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { End = end, After = 2 });
        using var response = await _key.PostAsync(TestKey.HelloStreamed);
        await response.Content.ReadAsStringAsync();

        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_released", null, null));
        await AccountShouldBeAsync(FiveUsd);
    }

    [Theory]
    [InlineData(Ending.Failed)]
    [InlineData(Ending.Error)]
    [InlineData(Ending.BareError)]
    public async Task StreamThatFailsWithoutACost_InMidAnswer_IsSettledAtAnEstimate(Ending end)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { End = end, After = 6 });
        using var response = await _key.PostAsync(TestKey.HelloStreamed);
        await response.Content.ReadAsStringAsync();

        await EstimateShouldStandAsync(["hold_placed", "hold_settled"]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    public async Task StreamThatIsCut_IsSettledAtAnEstimate_AndEndsWithOneErrorFrame(int frames, bool reset)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Stream, After = frames, Reset = reset });
        using var response = await _key.PostAsync(TestKey.HelloStreamed);
        var text = await response.Content.ReadAsStringAsync();

        var last = text.TrimEnd().Split("\n\n")[^1];
        last.Should().StartWith("event: error\ndata: ");
        var error = JsonSerializer.Deserialize<JsonElement>(last["event: error\ndata: ".Length..]);
        error.Text("type").Should().Be("error");
        error.Text("code").Should().Be("provider_error");
        error.GetProperty("error").Text("type").Should().Be("provider_error");
        error.GetProperty("error").Text("request_id").Should().Be(response.Header("X-Request-Id"));
        error.Number("sequence_number").Should().Be(text.Split("event: ").Length - 2);
        await EstimateShouldStandAsync(["hold_placed", "hold_settled"]);
    }

    [Fact]
    public async Task WholeAnswerThatIsCut_IsSettledAtAnEstimate_AndTheErrorSaysSo()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Body, After = 300 });
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        response.Header("x-should-retry").Should().Be("false");
        var charge = await EstimateShouldStandAsync(["hold_placed", "hold_settled"]);
        (await response.JsonAsync()).GetProperty("error").GetProperty("details").Text("cost_usd").Should().Be(charge.ToUsdString());
    }

    [Theory]
    [InlineData("wrong-type")]
    [InlineData("rate")]
    [InlineData("credits")]
    [InlineData("wrong-key")]
    [InlineData("unknown-model")]
    [InlineData("not-json")]
    [InlineData("grammar")]
    public async Task RefusalOfXaisOwn_WithoutACost_IsReleased(string fault)
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", fault));
        using var response = await _key.PostAsync(TestKey.Hello);

        ((int)response.StatusCode).Should().BeGreaterThanOrEqualTo(400);
        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_released", null, null));
        await AccountShouldBeAsync(FiveUsd);
    }

    [Fact]
    public async Task RefusalWithACost_IsSettledAtExactlyThat_AndSaysSo()
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", "moderated"));
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((400, "content_moderated", null));
        (await response.JsonAsync()).GetProperty("error").GetProperty("details").Text("cost_usd").Should().Be("0.05");
        response.Header("X-LLMTR-Cost-USD").Should().Be("0.05");
        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_settled", new UsdTicks(500_000_000), "provider"));
    }

    [Theory]
    [InlineData("bad-gateway")]
    [InlineData("edge-520")]
    [InlineData("edge-page")]
    [InlineData("envoy")]
    public async Task AnswerOfAnEdge_IsUnreconciled(string fault)
    {
        foreach (var body in (string[])[TestKey.Hello, TestKey.HelloStreamed])
        {
            _gateway.Xai.Enqueue(Behaviour.None.With("fault", fault));
            using var response = await _key.PostAsync(body);
            (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
            response.Header("x-should-retry").Should().Be("false");
        }

        await LedgerShouldBeAsync(("hold_placed", null, null), ("unreconciled", null, null), ("hold_placed", null, null), ("unreconciled", null, null));
        await AccountShouldBeAsync(FiveUsd, unreconciled: 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConnectionLostBeforeAnAnswer_IsUnreconciled_AndNeverSentAgain(bool reset)
    {
        // The first request leaves a connection in the pool, so that the second meets the case where an HTTP stack likes to repeat by itself.
        using var first = await _key.PostAsync(TestKey.Hello);
        await first.Content.ReadAsStringAsync();
        _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Before, Reset = reset });
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        _gateway.Xai.Requests.Should().HaveCount(2);
        (await LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled", "hold_placed", "unreconciled");
    }

    [Theory]
    [InlineData("not json at all", "text/html")]
    [InlineData("{\"id\":", "application/json")]
    [InlineData("[]", "application/json")]
    public async Task SuccessThatIsNoAnswer_IsUnreconciled(string answer, string contentType)
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("body", answer).With("content_type", contentType));
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        await LedgerShouldBeAsync(("hold_placed", null, null), ("unreconciled", null, null));
    }

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task SuccessWithAJsonError_IsReleased(string body)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { End = Ending.JsonError });
        using var response = await _key.PostAsync(body);

        (await response.ErrorAsync()).Status.Should().BeOneOf(502, 503);
        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_released", null, null));
    }

    [Fact]
    public async Task XaiUnreachable_IsReleased_AndNothingIsCharged()
    {
        await _gateway.Xai.DisposeAsync();
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((503, "provider_unavailable", null));
        response.Header("Retry-After").Should().NotBeNull();
        response.Header("x-should-retry").Should().BeNull();
        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_released", null, null));
        await AccountShouldBeAsync(FiveUsd);
    }

    [Fact]
    public async Task AtCapacity_IsRepeated_AndTheAnswerIsSettledOnce()
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", "model-capacity"));
        using var response = await _key.PostAsync(TestKey.Hello);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        _gateway.Xai.Requests.Should().HaveCount(2);
        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_settled", _gateway.Xai.Requests[1].Billed, "provider"));
    }

    [Theory]
    [InlineData("capacity", 429, "rate_limit_exceeded")]
    [InlineData("model-capacity", 502, "provider_error")]
    public async Task AtCapacity_ForAllAttempts_IsReleased(string fault, int status, string type)
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", fault), times: 10);
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((status, type, null));
        _gateway.Xai.Requests.Should().HaveCount(3);
        await LedgerShouldBeAsync(("hold_placed", null, null), ("hold_released", null, null));
    }

    private Task<IReadOnlyList<JsonElement>> LedgerAsync() => _key.SettledLedgerAsync();

    /// <summary>Compares kind, amount (null: that of the hold before it) and cost source of every entry behind the first credit.</summary>
    private async Task LedgerShouldBeAsync(params (string Kind, UsdTicks? Amount, string? Source)[] expected)
    {
        var ledger = await LedgerAsync();
        var hold = 0L;
        var actual = ledger.Select(entry =>
        {
            hold = entry.Text("kind") == "hold_placed" ? entry.Number("amount_ticks") : hold;
            var source = entry.TryGetProperty("cost_source", out var told) ? told.GetString() : null;
            return (entry.Text("kind"), entry.Number("amount_ticks"), source);
        }).ToArray();
        var holds = ledger.Where(entry => entry.Text("kind") == "hold_placed").Select(entry => entry.Number("amount_ticks")).ToArray();
        var at = -1;
        actual.Should().Equal(expected.Select(entry =>
        {
            at += entry.Kind == "hold_placed" ? 1 : 0;
            return (entry.Kind, entry.Amount?.Value ?? holds[at], entry.Source);
        }));
    }

    /// <summary>The ledger has these kinds, the last of them a charge by estimate: above zero, within the hold. Returns it.</summary>
    private async Task<UsdTicks> EstimateShouldStandAsync(string[] kinds)
    {
        var ledger = await LedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal(kinds);
        ledger[^1].Text("cost_source").Should().Be("estimate");
        var charge = ledger[^1].Number("amount_ticks");
        charge.Should().BePositive().And.BeLessThanOrEqualTo(ledger[^2].Number("amount_ticks"));
        await AccountShouldBeAsync(FiveUsd - new UsdTicks(charge));
        return new UsdTicks(charge);
    }

    private async Task AccountShouldBeAsync(UsdTicks balance, int unreconciled = 0) =>
        (await _key.ReadAsync()).Should().Be(new TestAccount(balance, UsdTicks.Zero, unreconciled));
}
