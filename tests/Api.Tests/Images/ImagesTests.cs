using System.Text;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.Api.Tests.Images;

/// <summary>Images end to end: what the customer gets, what xAI was sent, and what the ledger says.</summary>
public sealed class ImagesTests : IAsyncLifetime
{
    private const string Generations = "/v1/images/generations";
    private const string Edits = "/v1/images/edits";
    private const string OneCat = """{"model":"xai/grok-imagine-image","prompt":"a cat"}""";

    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Generation_CostsWhatXaiReports_AndSaysSo()
    {
        using var response = await PostAsync(Generations, """{"model":"xai/grok-imagine-image","prompt":"a cat","n":2,"aspect_ratio":"16:9"}""");

        var json = await response.JsonAsync();
        json.GetProperty("data").GetArrayLength().Should().Be(2);
        json.GetProperty("data")[0].Text("url").Should().NotBeEmpty();
        json.Number("created").Should().BePositive();
        json.GetProperty("usage").GetRawText().Should().Be("""{"cost_in_usd_ticks":400000000,"cost_usd":"0.04","cost_source":"provider"}""");
        response.Header("X-LLMTR-Cost-USD").Should().Be("0.04");
        response.Header("X-LLMTR-Balance-USD").Should().Be("4.96");
        response.Content.Headers.ContentLength.Should().BePositive();
        await ShouldBeChargedAsync(400_000_000, 400_000_000, "provider");
    }

    [Fact]
    public async Task Base64_ArrivesAsItCame()
    {
        using var response = await PostAsync(Generations, """{"model":"xai/grok-imagine-image-quality","prompt":"a cat","response_format":"b64_json"}""");

        var image = (await response.JsonAsync()).GetProperty("data")[0];
        Convert.FromBase64String(image.Text("b64_json")).Should().StartWith([0xff, 0xd8, 0xff]);
        image.Text("mime_type").Should().Be("image/jpeg");
        await ShouldBeChargedAsync(400_000_000, 400_000_000, "provider");
    }

    [Fact]
    public async Task Edit_HoldsTheOutputsPriceForItsInput_AndPaysWhatXaiReports()
    {
        using var response = await PostAsync(Edits, """{"model":"xai/grok-imagine-image","prompt":"a hat","image":{"url":"data:image/png;base64,iVBORw0KGgo="}}""");

        response.EnsureSuccessStatusCode();
        await ShouldBeChargedAsync(held: 400_000_000, charged: 220_000_000, "provider");
    }

    [Theory]
    [InlineData("omit")]
    [InlineData("null")]
    [InlineData("string")]
    public async Task AnswerWithoutACost_CostsTheCataloguePrice(string cost)
    {
        _gateway.Xai.Enqueue(new Behaviour { Cost = CostOf(cost) });
        using var response = await PostAsync(Edits, """{"model":"xai/grok-imagine-image-quality","prompt":"p","n":2,"resolution":"2k","image":{"url":"https://example.com/a.png"}}""");

        (await response.JsonAsync()).GetProperty("usage").Text("cost_source").Should().Be("catalogue");
        await ShouldBeChargedAsync(1_800_000_000, 1_800_000_000, "catalogue");
    }

    [Fact]
    public async Task ModeratedImage_ThatXaiBills_IsChargedAndSaysSo()
    {
        _gateway.Xai.Enqueue(new Behaviour { Moderated = true });
        using var response = await PostAsync(Generations, OneCat);

        (await response.ErrorAsync()).Should().Be((400, "content_moderated", null));
        (await response.JsonAsync()).GetProperty("error").GetProperty("details").Text("cost_usd").Should().Be("0.02");
        await ShouldBeChargedAsync(200_000_000, 200_000_000, "provider");
    }

    [Theory]
    [InlineData("omit")]
    [InlineData("null")]
    [InlineData("string")]
    [InlineData("fractional")]
    [InlineData("100000000000001")]
    public async Task ModeratedImage_WithoutACostThatCanBeRead_CostsTheCataloguePrice(string cost)
    {
        _gateway.Xai.Enqueue((Behaviour.None with { Moderated = true }).With("cost", cost));
        using var response = await PostAsync(Generations, OneCat);

        (await response.ErrorAsync()).Should().Be((400, "content_moderated", null));
        (await response.JsonAsync()).GetProperty("error").GetProperty("details").Text("cost_usd").Should().Be("0.02");
        await ShouldBeChargedAsync(200_000_000, 200_000_000, "catalogue");
    }

    [Theory]
    [InlineData("""{"code":"imagine:content-moderated","error":"Generated image rejected by content moderation."}""", "hold_settled")]
    [InlineData("""{"code":"Client specified an invalid argument","error":"Generated image rejected by content moderation."}""", "hold_settled")]
    [InlineData("""{"code":"imagine:content-moderated","error":"Generated image rejected by content moderation.","usage":{"cost_in_usd_ticks":0}}""", "hold_released")]
    [InlineData("""{"code":"permission-denied","error":"Content violates usage guidelines."}""", "hold_released")]
    [InlineData("""{"code":"invalid-argument","error":"No.","usage":{"cost_in_usd_ticks":null}}""", "unreconciled")]
    public async Task Refusal_EndsByWhetherAnImageWasMadeAndWhatItSaysOfItsCost(string body, string kind)
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Status = 400, Body = Encoding.UTF8.GetBytes(body) });
        using var response = await PostAsync(Generations, OneCat);

        ((int)response.StatusCode).Should().Be(400);
        (await _key.SettledLedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", kind);
    }

    [Theory]
    [InlineData("rate", 429, "hold_released")]
    [InlineData("capacity", 429, "hold_released")]
    [InlineData("wrong-key", 503, "hold_released")]
    [InlineData("bad-gateway", 502, "unreconciled")]
    public async Task Refusal_ReleasesTheHold_AndIsNeverRepeated(string fault, int status, string kind)
    {
        _gateway.Xai.Enqueue(new Behaviour { Fault = Fault.All.Single(row => row.Name == fault) });
        using var response = await PostAsync(Generations, OneCat);

        ((int)response.StatusCode).Should().Be(status);
        _gateway.Xai.Requests.Should().HaveCount(1);
        (await _key.SettledLedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", kind);
    }

    [Fact]
    public async Task AnswerThatBreaksOff_CostsAnEstimate_WhichIsNeverAboveTheHold()
    {
        _gateway.Xai.Enqueue(new Behaviour { Cut = BreakPoint.Body, After = 20 });
        using var response = await PostAsync(Generations, OneCat);

        ((int)response.StatusCode).Should().Be(502);
        await ShouldBeChargedAsync(200_000_000, 200_000_000, "estimate");
    }

    [Fact]
    public async Task ConnectionLostRightBehindTheAnswer_IsSettledAtTheCostThatItTells_AndDelivered()
    {
        _gateway.Xai.Enqueue(new Behaviour { Cut = BreakPoint.Body, After = int.MaxValue, Cost = CostSwitch.Ticks(123_456) });
        using var response = await PostAsync(Generations, OneCat);

        ((int)response.StatusCode).Should().Be(200);
        await ShouldBeChargedAsync(200_000_000, 123_456, "provider");
    }

    [Fact]
    public async Task ClientThatLeaves_PaysForWhatWasMade()
    {
        _gateway.Xai.Gate.Close();
        using var leaving = new CancellationTokenSource();
        var call = PostAsync(Generations, OneCat, leaving.Token);
        await _gateway.Xai.Gate.WaitForWaitingAsync(1);
        await leaving.CancelAsync();
        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        _gateway.Xai.Gate.Open();

        await ShouldBeChargedAsync(200_000_000, 200_000_000, "provider");
    }

    [Fact]
    public async Task TooLittleMoney_IsRefusedBeforeAnythingIsSent()
    {
        var poor = await _gateway.CreateKeyAsync("0.0199999999");
        using var response = await _gateway.SendAsync(HttpMethod.Post, Generations, poor.Text, OneCat);

        (await response.ErrorAsync()).Should().Be((402, "insufficient_balance", null));
        _gateway.Xai.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task DryRun_TellsTheQuoteAndSendsNothing()
    {
        using var response = await _gateway.SendAsync(
            HttpMethod.Post, Generations, _key.Text, """{"model":"xai/grok-imagine-image-quality","prompt":"p","n":10,"resolution":"2k"}""", default, ("X-LLMTR-Dry-Run", "true"));

        (await response.JsonAsync()).Text("quote_usd").Should().Be("0.6");
        _gateway.Xai.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task WrongEndpoint_NamesTheRightOne()
    {
        using var response = await PostAsync("/v1/responses", """{"model":"xai/grok-imagine-image","input":"a cat"}""");

        (await response.ErrorAsync()).Should().Be((400, "unsupported_operation", "model"));
        var details = (await response.JsonAsync()).GetProperty("error").GetProperty("details");
        details.EnumerateObject().Select(member => member.Name).Should().Equal(
            "param", "model", "attempted_endpoint", "supported_endpoints", "suggested_endpoint", "hint", "docs_url");
        details.Text("suggested_endpoint").Should().Be(Generations);
        details.GetProperty("supported_endpoints").EnumerateArray().Select(path => path.GetString()).Should().Equal(Generations, Edits);
    }

    [Fact]
    public async Task NothingOfTheCustomer_ReachesXaiButTheAllowList()
    {
        using var response = await PostAsync(Generations, """{"model":"xai/grok-imagine-image","prompt":"a cat","max_budget_usd":"1","size":"1024x1024"}""");
        response.EnsureSuccessStatusCode();

        var request = _gateway.Xai.Requests.Single();
        request.UnknownFields.Should().BeEmpty();
        JsonSerializer.Deserialize<JsonElement>(request.Body.Span).EnumerateObject().Select(member => member.Name)
            .Should().Equal("model", "prompt", "n", "aspect_ratio", "resolution", "response_format");
    }

    private static CostSwitch CostOf(string word) => word switch
    {
        "omit" => CostSwitch.Omit,
        "null" => CostSwitch.Null,
        _ => CostSwitch.Text,
    };

    private Task<HttpResponseMessage> PostAsync(string path, string body, CancellationToken cancellation = default) =>
        _gateway.SendAsync(HttpMethod.Post, path, _key.Text, body, cancellation);

    private async Task ShouldBeChargedAsync(long held, long charged, string source)
    {
        var ledger = await _key.SettledLedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        ledger[0].Number("amount_ticks").Should().Be(held);
        ledger[1].Number("amount_ticks").Should().Be(charged);
        ledger[1].Text("cost_source").Should().Be(source);
        (await _key.ReadAsync()).Balance.Should().Be(UsdTicks.FromUsd(5) - new UsdTicks(charged));
    }
}
