using System.Text;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Recording;

namespace LlmTr.Api.Tests.Metering;

/// <summary>Answers that no recording shows, but that HTTP and server-sent events allow: the money and what the client is told stay right.</summary>
public sealed class OddAnswersTests : IAsyncLifetime
{
    private const string Delta = "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hello\"}\n\n";
    private const string Created = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"object\":\"response\",\"status\":\"in_progress\",\"model\":\"grok-4.3\"}}\n\n";
    private const string Usage = """{"input_tokens":10,"output_tokens":5,"cost_in_usd_ticks":123456}""";

    private static readonly UsdTicks Cost = new(123_456);

    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("text/event-stream; charset=utf-8")]
    [InlineData("Text/Event-Stream")]
    public async Task StreamWhoseTypeIsWrittenInAnotherWay_IsAStreamAllTheSame(string contentType)
    {
        var text = await StreamAsync(Delta + Terminal("completed"), contentType);

        text.Should().Contain("response.completed");
        await ShouldBeSettledAsync(Cost, "provider");
    }

    [Fact]
    public async Task SecondEnd_IsNeitherChargedNorShown()
    {
        var text = await StreamAsync(Delta + Terminal("completed") + Terminal("completed") + Terminal("failed"));

        text.Split("event: response.completed").Should().HaveCount(2);
        text.Should().NotContain("response.failed").And.NotContain("\"grok-4.3\"");
        await ShouldBeSettledAsync(Cost, "provider");
    }

    [Fact]
    public async Task ErrorFrameBeforeTheFailedResponse_IsSettledAtTheCostThatTheResponseTells()
    {
        var text = await StreamAsync(Delta + "event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"The model did not respond.\"}\n\n" + Terminal("failed"));

        text.TrimEnd().Split("\n\n")[^1].Should().StartWith("event: error");
        await ShouldBeSettledAsync(Cost, "provider");
    }

    [Theory]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"message\":\"Refused.\",\"usage\":" + Usage + "}\n\n")]
    [InlineData("event: response.failed\ndata: {\"type\":\"response.failed\",\"error\":{\"message\":\"Refused.\"},\"usage\":" + Usage + "}\n\n")]
    public async Task CostBehindAnErrorFrame_IsCharged_WhereverItStands(string then)
    {
        await StreamAsync(Created + "event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"The model did not respond.\"}\n\n" + then);

        await ShouldBeSettledAsync(Cost, "provider");
    }

    [Theory]
    [InlineData("\"The model did not respond.\"", "\"No.\",\"usage\":{\"cost_in_usd_ticks\":null}")]
    [InlineData("\"No.\",\"usage\":{\"cost_in_usd_ticks\":null}", "\"Your team has used all available credits.\"")]
    public async Task CostThatNobodyCanRead_InOneOfTwoErrorFrames_IsACaseForTheOperator(string first, string second)
    {
        await StreamAsync(Created
            + "event: error\ndata: {\"type\":\"error\",\"message\":" + first + "}\n\n"
            + "event: error\ndata: {\"type\":\"error\",\"message\":" + second + "}\n\n");

        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "unreconciled");
    }

    // The blank line is the last that comes, and so the first that a cut takes; the error stands all the same.
    [Theory]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"Service temporarily unavailable.\",\"param\":null}\n")]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"Service temporarily unavailable.\",\"param\":null}")]
    [InlineData("data: {\"code\":\"The service is currently unavailable\",\"error\":\"Service temporarily unavailable.\"}\n")]
    [InlineData("event: response.failed\ndata: {\"type\":\"response.failed\",\"error\":{\"code\":\"server_error\",\"message\":\"Service temporarily unavailable.\"}}\n")]
    public async Task ErrorWithoutItsBlankLine_IsXaisOwnWord_AndFree(string error)
    {
        var text = await StreamAsync(Created + error);

        text.TrimEnd().Split("\n\n")[^1].Should().StartWith("event: error").And.Contain("xAI failed at this request. Nothing was charged.");
        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_released");
    }

    [Fact]
    public async Task ErrorWithoutItsBlankLine_ThatTellsACost_IsSettledAtThat()
    {
        await StreamAsync(Created + "event: error\ndata: {\"type\":\"error\",\"message\":\"Refused.\",\"usage\":" + Usage + "}\n");

        await ShouldBeSettledAsync(Cost, "provider");
    }

    // Between the last word and the proper end of a connection there are still a blank line and a last, empty chunk: what was told before them was told.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ConnectionLostRightBehindTheLastWord_IsSettledAtTheCostThatItTold(int missing)
    {
        var sse = Sse(Delta + Terminal("completed"));
        _gateway.Xai.Enqueue(sse with { Cut = BreakPoint.Body, After = sse.Body!.Value.Length - missing });
        using var response = await _key.PostAsync(TestKey.HelloStreamed);

        (await response.Content.ReadAsStringAsync()).Should().Contain("event: response.completed").And.EndWith("\n\n").And.NotContain("event: error");
        await ShouldBeSettledAsync(Cost, "provider");
    }

    [Fact]
    public async Task ConnectionLostInTheLastWord_IsABrokenStream()
    {
        var sse = Sse(Delta + Terminal("completed"));
        _gateway.Xai.Enqueue(sse with { Cut = BreakPoint.Body, After = sse.Body!.Value.Length - 3 });
        using var response = await _key.PostAsync(TestKey.HelloStreamed);

        (await response.Content.ReadAsStringAsync()).Should().Contain("event: error").And.NotContain("response.completed");
        (await _key.LedgerAsync())[1].Text("cost_source").Should().Be("estimate");
    }

    [Fact]
    public async Task ConnectionLostRightBehindAWholeAnswer_IsSettledAndDelivered()
    {
        var answer = Encoding.UTF8.GetBytes($$"""{"id":"r","object":"response","status":"completed","model":"grok-4.3","usage":{{Usage}}}""");
        _gateway.Xai.Enqueue(Behaviour.None with { Body = answer, Cut = BreakPoint.Body, After = answer.Length });
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.JsonAsync()).Text("status").Should().Be("completed");
        await ShouldBeSettledAsync(Cost, "provider");
    }

    [Fact]
    public async Task ErrorThatIsCutItself_IsABrokenStream()
    {
        (await StreamAsync(Created + "event: error\ndata: {\"type\":\"error\",\"message\":\"Service temp")).Should().Contain("event: error");

        (await _key.LedgerAsync())[1].Text("cost_source").Should().Be("estimate");
    }

    [Fact]
    public async Task ErrorFrameInMidAnswer_DoesNotSayThatNothingWasCharged()
    {
        var text = await StreamAsync(Delta + Delta + "event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"Service temporarily unavailable.\"}\n\n");

        var last = text.TrimEnd().Split("\n\n")[^1];
        var error = JsonSerializer.Deserialize<JsonElement>(last["event: error\ndata: ".Length..]).GetProperty("error");
        error.Text("message").Should().NotContain("Nothing was charged");
        var charge = (await _key.LedgerAsync())[1];
        charge.Text("cost_source").Should().Be("estimate");
        error.GetProperty("details").Text("cost_usd").Should().Be(new UsdTicks(charge.Number("amount_ticks")).ToUsdString());
    }

    [Fact]
    public async Task CommentsAfterTheEnd_DoNotKeepTheCallOpen()
    {
        var comments = string.Concat(Enumerable.Repeat(": ping\n\n", 40));
        _gateway.Xai.Enqueue(Sse(Delta + Terminal("completed") + comments) with { Pace = TimeSpan.FromMilliseconds(250) });
        using var response = await _key.PostAsync(TestKey.HelloStreamed);
        (await response.Content.ReadAsStringAsync()).Should().Contain("response.completed");

        await _gateway.Xai.WaitForIdleAsync();
        _gateway.Xai.Requests.Single().Outcome.Should().Be(Outcome.Aborted, "ten seconds of comments are no reason to hold a call to xAI");
        await ShouldBeSettledAsync(Cost, "provider");
    }

    [Fact]
    public async Task OnlyDone_IsUnreconciled()
    {
        (await StreamAsync("data: [DONE]\n\n")).Should().Contain("event: error");

        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "unreconciled");
    }

    [Fact]
    public async Task OnlyComments_AreUnreconciled()
    {
        (await StreamAsync(": ping\n\n: ping\n\n")).Should().Contain("event: error");

        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "unreconciled");
    }

    [Theory]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(304)]
    public async Task StatusWithoutAnAnswer_IsUnreconciled(int status)
    {
        foreach (var body in (string[])[TestKey.Hello, TestKey.HelloStreamed])
        {
            _gateway.Xai.Enqueue(Behaviour.None with { Status = status, Body = ReadOnlyMemory<byte>.Empty });
            using var response = await _key.PostAsync(body);
            (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        }

        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "unreconciled", "hold_placed", "unreconciled");
    }

    [Fact]
    public async Task WholeAnswerToAStreamRequest_IsSettledAndDelivered()
    {
        var answer = $$"""{"id":"r","object":"response","status":"incomplete","model":"grok-4.3","usage":{{Usage}}}""";
        _gateway.Xai.Enqueue(Behaviour.None with { Body = Encoding.UTF8.GetBytes(answer) });
        using var response = await _key.PostAsync(TestKey.HelloStreamed);

        (await response.JsonAsync()).Text("status").Should().Be("incomplete");
        await ShouldBeSettledAsync(Cost, "provider");
    }

    [Fact]
    public async Task StreamToARequestForAWholeAnswer_IsUnreconciled()
    {
        _gateway.Xai.Enqueue(Sse(Delta + Terminal("completed")));
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "unreconciled");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"500000000\"")]
    [InlineData("0.5")]
    [InlineData("-1")]
    [InlineData("100000000000001")]
    public async Task RefusalWithACostThatNobodyCanRead_IsACaseForTheOperator(string cost)
    {
        var refusal = "{\"code\":\"invalid-argument\",\"error\":\"No.\",\"usage\":{\"cost_in_usd_ticks\":" + cost + "}}";
        _gateway.Xai.Enqueue(Behaviour.None with { Status = 400, Body = Encoding.UTF8.GetBytes(refusal) });
        using var refused = await _key.PostAsync(TestKey.Hello);
        (await refused.ErrorAsync()).Should().Be((400, "invalid_request_error", null));
        var failed = "{\"object\":\"response\",\"status\":\"failed\",\"model\":\"grok-4.3\",\"error\":{\"code\":\"server_error\",\"message\":\"No.\"},\"usage\":{\"cost_in_usd_ticks\":" + cost + "}}";
        _gateway.Xai.Enqueue(Behaviour.None with { Body = Encoding.UTF8.GetBytes(failed) });
        using var whole = await _key.PostAsync(TestKey.Hello);
        await StreamAsync(Created + $"event: response.failed\ndata: {{\"type\":\"response.failed\",\"response\":{failed}}}\n\n");
        await StreamAsync(Created + $"event: error\ndata: {{\"type\":\"error\",\"message\":\"No.\",\"usage\":{{\"cost_in_usd_ticks\":{cost}}}}}\n\n");

        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal(Enumerable.Repeat((string[])["hold_placed", "unreconciled"], 4).SelectMany(static kinds => kinds));
    }

    [Fact]
    public async Task RefusalWithACostOfZero_IsBelieved()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Status = 400, Body = """{"code":"invalid-argument","error":"No.","usage":{"cost_in_usd_ticks":0}}"""u8.ToArray() });
        using var refused = await _key.PostAsync(TestKey.Hello);

        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_released");
    }

    private static string Terminal(string status) =>
        $"event: response.{status}\ndata: {{\"type\":\"response.{status}\",\"response\":{{\"object\":\"response\",\"status\":\"{status}\",\"model\":\"grok-4.3\",\"usage\":{Usage}}}}}\n\n";

    private static Behaviour Sse(string frames, string contentType = "text/event-stream") =>
        Behaviour.None with { Body = Encoding.UTF8.GetBytes(frames), ContentType = contentType };

    private async Task<string> StreamAsync(string frames, string contentType = "text/event-stream")
    {
        _gateway.Xai.Enqueue(Sse(frames, contentType));
        using var response = await _key.PostAsync(TestKey.HelloStreamed);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task ShouldBeSettledAsync(UsdTicks cost, string source)
    {
        var ledger = await _key.LedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        ledger[1].Number("amount_ticks").Should().Be(cost.Value);
        ledger[1].Text("cost_source").Should().Be(source);
    }
}
