using System.Net;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.Api.Tests.Chat;

/// <summary>Chat completions as a client meets them: over HTTP, with an account behind.</summary>
public sealed class ChatOverHttpTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private const string Hello = """{"model":"grok-4.3","messages":[{"role":"user","content":"Hello"}]}""";
    private const string HelloStreamed = """{"model":"grok-4.3","messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true}}""";

    private const string Tools =
        """
        "tools":[{"type":"function","function":{"name":"weather","description":"Tells the weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]
        """;

    private TestKey _key = null!;

    private TestGateway Gateway => shared.Gateway;

    public async Task InitializeAsync()
    {
        Gateway.Xai.ForgetRequests();
        _key = await Gateway.CreateKeyAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Completion_HasTheShapeOfOpenAi_AndItsCostEverywhere()
    {
        using var response = await PostAsync(Hello);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        var json = await response.JsonAsync();
        var sent = Gateway.Xai.Requests.Single();
        json.Text("id").Should().Be("chatcmpl-" + response.Header("X-Request-Id")!["req_".Length..]);
        json.Text("object").Should().Be("chat.completion");
        json.Text("model").Should().Be("xai/grok-4.3");
        json.Number("created").Should().BeCloseTo(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), 60);
        var choice = json.GetProperty("choices").EnumerateArray().Should().ContainSingle().Subject;
        choice.Number("index").Should().Be(0);
        choice.Text("finish_reason").Should().Be("stop");
        choice.GetProperty("message").Text("role").Should().Be("assistant");
        choice.GetProperty("message").Text("content").Should().NotBeEmpty();
        var usage = json.GetProperty("usage");
        usage.Number("total_tokens").Should().Be(usage.Number("prompt_tokens") + usage.Number("completion_tokens"));
        usage.GetProperty("prompt_tokens_details").Number("cached_tokens").Should().BePositive();
        usage.GetProperty("completion_tokens_details").Number("reasoning_tokens").Should().BePositive();
        usage.Number("cost_in_usd_ticks").Should().Be(sent.Billed.Value);
        usage.Text("cost_usd").Should().Be(sent.Billed.ToUsdString());
        usage.Text("cost_source").Should().Be("provider");
        response.Header("X-LLMTR-Cost-USD").Should().Be(sent.Billed.ToUsdString());
        response.Header("X-LLMTR-Balance-USD").Should().Be((UsdTicks.FromUsd(5) - sent.Billed).ToUsdString());
        response.Header("X-LLMTR-Max-Output-Tokens").Should().NotBeNull();
        sent.UnknownFields.Should().BeEmpty();
        (await _key.ReadAsync()).Balance.Should().Be(UsdTicks.FromUsd(5) - sent.Billed);
    }

    [Theory]
    [InlineData("\"stream\":false")]
    [InlineData("\"stream\":true")]
    public async Task Money_IsThatOfTheSameRequestToResponses_ToTheTick(string stream)
    {
        var rest = $$""","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"How are you?"}],"temperature":0.5,"reasoning_effort":"high",{{stream}}}""";
        using var chat = await PostAsync("""{"model":"grok-4.3","max_completion_tokens":500""" + rest);
        await chat.Content.ReadAsStringAsync();
        using var responses = await _key.PostAsync("""{"model":"grok-4.3","max_output_tokens":500""" + rest);
        await responses.Content.ReadAsStringAsync();

        var sent = Gateway.Xai.Requests;
        sent[0].BodyText.Should().Be(sent[1].BodyText);
        var ledger = await _key.SettledLedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled", "hold_placed", "hold_settled");
        ledger[0].Number("amount_ticks").Should().Be(ledger[2].Number("amount_ticks"));
        ledger[1].Number("amount_ticks").Should().Be(ledger[3].Number("amount_ticks"));
        ledger[0].Text("endpoint").Should().Be("/v1/chat/completions");
        ledger[2].Text("endpoint").Should().Be("/v1/responses");
        (await _key.ReadAsync()).Balance.Should().Be(UsdTicks.FromUsd(5) - sent[0].Billed - sent[1].Billed);
    }

    [Fact]
    public async Task Stream_IsChunks_WithUsageAndDoneAtTheEnd()
    {
        Gateway.Xai.Enqueue(Behaviour.None with { Answer = "One two three.", Deltas = 5 });
        using var response = await PostAsync(HelloStreamed);

        response.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        var (chunks, isDone) = await ChunksAsync(response);
        isDone.Should().BeTrue();
        chunks.Select(chunk => chunk.Text("id")).Distinct().Should().Equal("chatcmpl-" + response.Header("X-Request-Id")!["req_".Length..]);
        chunks.Should().OnlyContain(chunk => chunk.Text("object") == "chat.completion.chunk" && chunk.Text("model") == "xai/grok-4.3");
        Delta(chunks[0]).Text("role").Should().Be("assistant");
        string.Concat(chunks.Select(chunk => Piece(chunk, "content"))).Should().Be("One two three.");
        chunks.Count(chunk => Piece(chunk, "content") is { Length: > 0 }).Should().Be(5);
        string.Concat(chunks.Select(chunk => Piece(chunk, "reasoning_content"))).Should().NotBeEmpty();
        chunks[^2].GetProperty("choices")[0].Text("finish_reason").Should().Be("stop");
        chunks[^1].GetProperty("choices").GetArrayLength().Should().Be(0);
        var usage = chunks[^1].GetProperty("usage");
        usage.Number("cost_in_usd_ticks").Should().Be(Gateway.Xai.Requests.Single().Billed.Value);
        usage.Number("total_tokens").Should().Be(usage.Number("prompt_tokens") + usage.Number("completion_tokens"));
    }

    [Fact]
    public async Task Stream_WithoutStreamOptions_TellsNoUsage()
    {
        using var response = await PostAsync(Hello[..^1] + ",\"stream\":true}");

        var (chunks, isDone) = await ChunksAsync(response);
        isDone.Should().BeTrue();
        chunks.Select(chunk => chunk.TryGetProperty("usage", out _)).Should().NotContain(true);
        chunks.Select(chunk => chunk.GetProperty("choices").GetArrayLength()).Should().OnlyContain(count => count == 1);
    }

    [Fact]
    public async Task EndOfAStream_LeavesOnlyWhenItsChargeIsInTheLedger()
    {
        using var response = await PostAsync(HelloStreamed);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!line.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal))
                continue;
            (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
            return;
        }

        Assert.Fail("The stream never told its end.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FunctionCall_AndItsSecondTurn(bool stream)
    {
        Gateway.Xai.Enqueue(Behaviour.None with { Call = "weather", Arguments = """{"city":"İzmir"}""" });
        using var first = await PostAsync($$"""{"model":"grok-4.3","messages":[{"role":"user","content":"Weather?"}],{{Tools}},"tool_choice":"required","stream":{{(stream ? "true" : "false")}}}""");
        var (id, name, arguments, reason) = stream ? await StreamedCallAsync(first) : await CallAsync(first);

        name.Should().Be("weather");
        arguments.Should().Be("""{"city":"İzmir"}""");
        reason.Should().Be("tool_calls");
        id.Should().NotBeEmpty();

        using var second = await PostAsync(JsonSerializer.Serialize(new
        {
            model = "grok-4.3",
            messages = new object[]
            {
                new { role = "user", content = "Weather?" },
                new { role = "assistant", content = (string?)null, refusal = (string?)null, tool_calls = new[] { new { id, type = "function", function = new { name, arguments } } } },
                new { role = "tool", tool_call_id = id, content = "Sunny, 31 °C" },
            },
        })[..^1] + $",{Tools}}}");

        var choice = (await second.JsonAsync()).GetProperty("choices")[0];
        choice.Text("finish_reason").Should().Be("stop");
        choice.GetProperty("message").Text("content").Should().NotBeEmpty();
        var sent = Gateway.Xai.Requests[^1];
        sent.UnknownFields.Should().BeEmpty();
        var items = JsonSerializer.Deserialize<JsonElement>(sent.BodyText).GetProperty("input").EnumerateArray().ToArray();
        items.Select(item => item.Text("type")).Should().Equal("message", "function_call", "function_call_output");
        items[1].Text("call_id").Should().Be(id);
        items[2].Text("call_id").Should().Be(id);
    }

    [Fact]
    public async Task StructuredOutput_IsAskedForAsXaiHasIt()
    {
        using var response = await PostAsync(
            """
            {"model":"grok-4.3","messages":[{"role":"user","content":"A person."}],"response_format":{"type":"json_schema","json_schema":{"name":"person","strict":true,
             "schema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}}}}
            """);

        var content = (await response.JsonAsync()).GetProperty("choices")[0].GetProperty("message").Text("content");
        JsonSerializer.Deserialize<JsonElement>(content).GetProperty("name").ValueKind.Should().Be(JsonValueKind.String);
        JsonSerializer.Deserialize<JsonElement>(Gateway.Xai.Requests.Single().BodyText).GetProperty("text").GetProperty("format").Text("name").Should().Be("person");
    }

    [Fact]
    public async Task Image_IsSentAsOne()
    {
        using var response = await PostAsync(
            """{"model":"grok-4.3","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}""");

        response.EnsureSuccessStatusCode();
        Gateway.Xai.Requests.Single().BodyText.Should().Contain("""{"type":"input_image","image_url":"https://example.com/a.png"}""");
    }

    [Theory]
    [InlineData("max_output_tokens")]
    [InlineData("max_time_limit")]
    public async Task CutAnswer_EndsByLength(string reason)
    {
        foreach (var body in (string[])[Hello, HelloStreamed])
        {
            Gateway.Xai.Enqueue(Behaviour.None with { End = Ending.Incomplete, Reason = reason });
            using var response = await PostAsync(body);

            (await response.Content.ReadAsStringAsync()).Should().Contain("\"finish_reason\":\"length\"");
        }
    }

    [Fact]
    public async Task Headers_OfTheGateway_WorkAsOnResponses()
    {
        using var dry = await PostAsync(Hello, ("X-LLMTR-Dry-Run", "true"));
        (await dry.JsonAsync()).GetProperty("quote_ticks").GetInt64().Should().BePositive();

        using var budget = await PostAsync(Hello[..^1] + ",\"max_budget_usd\":\"0.0000000001\"}");
        (await budget.ErrorAsync()).Should().Be((402, "budget_exceeded", "max_budget_usd"));

        using var first = await PostAsync(Hello[..^1] + ",\"seed\":1,\"metadata\":{}}", ("Idempotency-Key", "one"));
        first.StatusCode.Should().Be(HttpStatusCode.OK);
        first.Header("X-LLMTR-Ignored-Fields").Should().Be("seed, metadata");
        using var second = await PostAsync(Hello[..^1] + ",\"seed\":1,\"metadata\":{}}", ("Idempotency-Key", "one"));
        (await second.ErrorAsync()).Should().Be((409, "idempotency_conflict", "Idempotency-Key"));
        Gateway.Xai.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData("""{"model":"grok-4.3","messages":[{"role":"user","content":"x"}],"functions":[]}""", 400, "unsupported_capability", "functions")]
    [InlineData("""{"model":"grok-4.3","messages":[{"role":"user","content":"x"}],"n":2}""", 400, "invalid_request_error", "n")]
    [InlineData("""{"model":"grok-4.3","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", 400, "invalid_request_error", "max_tokens")]
    [InlineData("""{"model":"gpt-5","messages":[{"role":"user","content":"x"}]}""", 404, "model_not_found", "model")]
    [InlineData("""{"model":"xai/grok-imagine-image","messages":[{"role":"user","content":"x"}]}""", 400, "unsupported_operation", "model")]
    [InlineData("no JSON", 400, "invalid_request_error", null)]
    public async Task Refusal_IsTheEnvelope_AndReachesNeitherXaiNorTheLedger(string body, int status, string type, string? param)
    {
        using var response = await PostAsync(body);

        (await response.ErrorAsync()).Should().Be((status, type, param));
        Gateway.Xai.Requests.Should().BeEmpty();
        (await _key.LedgerAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task KeyThatIsNone_Is401()
    {
        using var response = await Gateway.SendAsync(HttpMethod.Post, "/v1/chat/completions", "llmtr-nobody", Hello);

        (await response.ErrorAsync()).Should().Be((401, "auth_error", null));
    }

    [Fact]
    public async Task RefusalOfXai_IsTheEnvelope_AndCostsNothing()
    {
        Gateway.Xai.Enqueue(Behaviour.None with { Fault = Fault.Rate });
        using var response = await PostAsync(HelloStreamed);

        (await response.ErrorAsync()).Should().Be((429, "rate_limit_exceeded", null));
        (await _key.SettledLedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_released");
    }

    private Task<HttpResponseMessage> PostAsync(string body, params (string Name, string Value)[] headers) =>
        Gateway.SendAsync(HttpMethod.Post, "/v1/chat/completions", _key.Text, body, default, headers);

    private static async Task<(string Id, string Name, string Arguments, string Reason)> CallAsync(HttpResponseMessage response)
    {
        var choice = (await response.JsonAsync()).GetProperty("choices")[0];
        choice.GetProperty("message").GetProperty("content").ValueKind.Should().Be(JsonValueKind.Null);
        var call = choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray().Single();
        call.Text("type").Should().Be("function");
        return (call.Text("id"), call.GetProperty("function").Text("name"), call.GetProperty("function").Text("arguments"), choice.Text("finish_reason"));
    }

    private static async Task<(string Id, string Name, string Arguments, string Reason)> StreamedCallAsync(HttpResponseMessage response)
    {
        var (chunks, _) = await ChunksAsync(response);
        var calls = chunks.Where(chunk => Delta(chunk).TryGetProperty("tool_calls", out _)).Select(chunk => Delta(chunk).GetProperty("tool_calls")[0]).ToArray();
        calls.Should().OnlyContain(call => call.GetProperty("index").GetInt32() == 0);
        calls.Count(call => call.TryGetProperty("id", out _)).Should().Be(1);
        return (
            calls[0].Text("id"),
            calls[0].GetProperty("function").Text("name"),
            string.Concat(calls.Select(call => call.GetProperty("function").Text("arguments"))),
            chunks[^1].GetProperty("choices")[0].Text("finish_reason"));
    }

    private static async Task<(JsonElement[] Chunks, bool IsDone)> ChunksAsync(HttpResponseMessage response)
    {
        var frames = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        frames.Should().OnlyContain(frame => frame.StartsWith("data: ", StringComparison.Ordinal));
        var isDone = frames[^1] == "data: [DONE]";
        return ([.. frames[..(isDone ? ^1 : ^0)].Select(frame => JsonSerializer.Deserialize<JsonElement>(frame["data: ".Length..]))], isDone);
    }

    private static JsonElement Delta(JsonElement chunk) =>
        chunk.GetProperty("choices").GetArrayLength() == 0 ? JsonSerializer.SerializeToElement(new object()) : chunk.GetProperty("choices")[0].GetProperty("delta");

    private static string? Piece(JsonElement chunk, string name) => Delta(chunk).TryGetProperty(name, out var piece) ? piece.GetString() : null;
}
