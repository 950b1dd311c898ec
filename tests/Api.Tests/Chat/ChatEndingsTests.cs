using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Chat;

/// <summary>Chat completions that do not come to a good end: the same ledger as on <c>/v1/responses</c>, and one error that OpenAI's clients read.</summary>
public sealed class ChatEndingsTests : IAsyncLifetime
{
    private const string Plain = """{"model":"grok-4.3","messages":[{"role":"user","content":"Hello"}]}""";
    private const string Streamed = """{"model":"grok-4.3","messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true}}""";
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
    [InlineData(Ending.Failed)]
    [InlineData(Ending.Error)]
    [InlineData(Ending.BareError)]
    public async Task StreamThatFails_BeforeAnythingCame_IsReleased_AndEndsWithAnError(Ending end)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { End = end, After = 2 });

        (await ErrorOfStreamAsync()).Text("type").Should().Be("provider_error");
        await LedgerShouldBeAsync("hold_placed", "hold_released");
        (await _key.ReadAsync()).Balance.Should().Be(FiveUsd);
    }

    [Theory]
    [InlineData(Ending.Failed)]
    [InlineData(Ending.Error)]
    [InlineData(Ending.BareError)]
    public async Task StreamThatFails_InMidAnswer_IsSettledAtAnEstimate_AndTheErrorTellsIt(Ending end)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { End = end, After = 6 });

        var error = await ErrorOfStreamAsync();
        var ledger = await LedgerShouldBeAsync("hold_placed", "hold_settled");
        ledger[1].Text("cost_source").Should().Be("estimate");
        error.GetProperty("details").Text("cost_usd").Should().Be(new UsdTicks(ledger[1].Number("amount_ticks")).ToUsdString());
    }

    [Fact]
    public async Task StreamThatFailsWithACost_IsSettledAtExactlyThat()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { End = Ending.FailedWithUsage });

        var error = await ErrorOfStreamAsync();
        var billed = _gateway.Xai.Requests.Single().Billed;
        error.GetProperty("details").Text("cost_usd").Should().Be(billed.ToUsdString());
        await LedgerShouldBeAsync("hold_placed", "hold_settled");
        (await _key.ReadAsync()).Balance.Should().Be(FiveUsd - billed);
    }

    [Fact]
    public async Task WholeAnswerThatFailedWithACost_IsAnError_AndCharged()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { End = Ending.FailedWithUsage });
        using var response = await PostAsync(Plain);

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        response.Header("x-should-retry").Should().Be("false");
        var billed = _gateway.Xai.Requests.Single().Billed;
        billed.IsPositive.Should().BeTrue();
        (await response.JsonAsync()).GetProperty("error").GetProperty("details").Text("cost_usd").Should().Be(billed.ToUsdString());
        var ledger = await LedgerShouldBeAsync("hold_placed", "hold_settled");
        ledger[1].Number("status_code").Should().Be(502);
        (await _key.ReadAsync()).Balance.Should().Be(FiveUsd - billed);
    }

    [Fact]
    public async Task WholeAnswerThatFailedWithoutACost_IsAnError_AndFree()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { End = Ending.Failed });
        using var response = await PostAsync(Plain);

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        await LedgerShouldBeAsync("hold_placed", "hold_released");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task StreamThatIsCut_IsSettledAtAnEstimate_AndEndsWithAnError(int frames)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Stream, After = frames });

        (await ErrorOfStreamAsync()).Text("type").Should().Be("provider_error");
        (await LedgerShouldBeAsync("hold_placed", "hold_settled"))[1].Text("cost_source").Should().Be("estimate");
    }

    [Fact]
    public async Task AnswerWithoutACost_ShowsTheCataloguesPrice()
    {
        foreach (var body in (string[])[Plain, Streamed])
        {
            _gateway.Xai.Enqueue(Behaviour.None.With("cost", "omit"));
            using var response = await PostAsync(body);
            (await response.Content.ReadAsStringAsync()).Should().Contain($"\"cost_in_usd_ticks\":{_gateway.Xai.Requests[^1].Billed.Value},").And.Contain("\"cost_source\":\"catalogue\"");
        }
    }

    [Fact]
    public async Task ClientThatLeaves_PaysTheTrueCost()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Step = true });
        using (var left = new CancellationTokenSource())
        {
            using var response = await _gateway.SendAsync(HttpMethod.Post, "/v1/chat/completions", _key.Text, Streamed, left.Token);
            _gateway.Xai.Steps.Allow(3);
            var stream = await response.Content.ReadAsStreamAsync(left.Token);
            (await stream.ReadAsync(new byte[16], left.Token)).Should().BePositive();
            await left.CancelAsync();
        }

        _gateway.Xai.Steps.Allow(1000);
        (await _key.SettledLedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        var billed = _gateway.Xai.Requests.Single().Billed;
        billed.IsPositive.Should().BeTrue();
        (await _key.ReadAsync()).Balance.Should().Be(FiveUsd - billed);
    }

    [Theory]
    [InlineData("done")]
    [InlineData("comments")]
    [InlineData("splitdata")]
    public async Task StreamInAnyDress_IsToldTheSame(string dress)
    {
        var plain = await TextAsync(Behaviour.None);

        (await TextAsync(dress switch
        {
            "done" => Behaviour.None with { Done = true },
            "comments" => Behaviour.None with { Comments = true },
            _ => Behaviour.None with { SplitData = true },
        })).Should().Be(plain);
    }

    private async Task<string> TextAsync(Behaviour behaviour)
    {
        _gateway.Xai.Enqueue(behaviour);
        using var response = await PostAsync(Streamed);
        var frames = (await response.Content.ReadAsStringAsync()).Split("\n\n").Where(frame => frame.StartsWith("data: ", StringComparison.Ordinal)).ToArray();
        frames.Count(frame => frame == "data: [DONE]").Should().Be(1);
        frames[^1].Should().Be("data: [DONE]");

        // All but the chunk that tells the usage, whose cost may differ by what xAI had in its cache.
        return string.Join('\n', frames[..^2].Select(frame => JsonSerializer.Deserialize<JsonElement>(frame["data: ".Length..]).GetProperty("choices").GetRawText()));
    }

    private async Task<JsonElement> ErrorOfStreamAsync()
    {
        using var response = await PostAsync(Streamed);
        var text = await response.Content.ReadAsStringAsync();
        text.Should().NotContain("[DONE]").And.NotContain("event:").And.EndWith("\n\n");
        var error = JsonSerializer.Deserialize<JsonElement>(text.TrimEnd().Split("\n\n")[^1]["data: ".Length..]).GetProperty("error");
        error.Text("request_id").Should().Be(response.Header("X-Request-Id"));
        error.Text("code").Should().Be(error.Text("type"));
        error.Text("message").Should().NotBeEmpty();
        return error;
    }

    private async Task<IReadOnlyList<JsonElement>> LedgerShouldBeAsync(params string[] kinds)
    {
        var ledger = await _key.SettledLedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal(kinds);
        return ledger;
    }

    private Task<HttpResponseMessage> PostAsync(string body) => _gateway.SendAsync(HttpMethod.Post, "/v1/chat/completions", _key.Text, body);
}
