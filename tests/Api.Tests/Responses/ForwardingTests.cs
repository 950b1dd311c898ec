using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Responses;

/// <summary>What xAI gets of a customer's request, and what the customer gets of xAI: no more than is meant to.</summary>
public sealed class ForwardingTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task MultiAgent_HoldsForXaisDefaultWhateverTheCap_ButAsksForTheCap()
    {
        foreach (var cap in (string[])["", ",\"max_output_tokens\":1"])
        {
            using var response = await _key.PostAsync("{\"model\":\"xai/grok-4.20-multi-agent\",\"input\":\"Hello\"" + cap + "}");
            response.EnsureSuccessStatusCode();
        }

        var holds = (await _key.LedgerAsync()).Where(static line => line.Text("kind") == "hold_placed").ToArray();
        holds[1].Number("amount_ticks").Should().Be(holds[0].Number("amount_ticks"));
        holds[1].Number("reserved_tokens").Should().Be(holds[0].Number("reserved_tokens"));
        _gateway.Xai.Requests.Select(static request => JsonSerializer.Deserialize<JsonElement>(request.Body.Span).Number("max_output_tokens")).Should().Equal(128_000, 1);
    }

    [Fact]
    public async Task Xai_GetsThePlatformsKeyAndFixedHeaders_AndNothingElseOfTheRequest()
    {
        using var response = await _gateway.SendAsync(
            HttpMethod.Post, "/v1/responses?secret=query", _key.Text, TestKey.Hello, default,
            ("X-Secret", "header"), ("Cookie", "c=1"), ("User-Agent", "customer"), ("traceparent", "00-7e2d1bcb439cd74c59d59e7640498660-d9b77309000074f6-01"), ("X-Request-Id", "req_mine"));
        response.EnsureSuccessStatusCode();

        var sent = _gateway.Xai.Requests.Single();
        sent.Path.Should().Be("/v1/responses");
        sent.Header("Authorization").Should().Be($"Bearer {_gateway.Xai.ApiKey}");
        sent.Headers.Select(header => header.Key.ToLowerInvariant()).Should().BeEquivalentTo("host", "accept", "user-agent", "authorization", "content-type", "content-length");
        sent.Header("User-Agent").Should().StartWith("LlmTr.Orleans/");
        sent.BodyText.Should().NotContain(_key.Text);
        response.Header("X-Request-Id").Should().StartWith("req_").And.NotBe("req_mine");
    }

    [Fact]
    public async Task Customer_GetsNoCookieAndNoNameOfAServer()
    {
        foreach (var body in (string[])[TestKey.Hello, TestKey.HelloStreamed])
        {
            using var response = await _key.PostAsync(body);
            await response.Content.ReadAsStringAsync();

            response.Headers.Concat(response.Content.Headers).Select(header => header.Key).Should().NotContain(
                name => name.StartsWith("Cf-", StringComparison.OrdinalIgnoreCase) || name == "Set-Cookie" || name == "Server"
                    || name.StartsWith("X-Zero", StringComparison.OrdinalIgnoreCase) || name == "Traceparent");
        }
    }

    [Fact]
    public async Task Forwarded_IsAlwaysUnstoredAndCapped_AndHoldsNoFieldThatXaiDoesNotKnow()
    {
        using var response = await _key.PostAsync("""
            {"model":"grok-4.3:high","input":[{"role":"user","content":[{"type":"input_text","text":"hi"},{"type":"input_image","image_url":"https://example.com/x.png"}]}],
             "instructions":"be brief","temperature":0.5,"top_p":0.9,"stop":["x"],"parallel_tool_calls":false,"user":"u","safety_identifier":"s","prompt_cache_key":"p",
             "include":["reasoning.encrypted_content"],"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"tool_choice":"auto",
             "store":false,"background":false,"service_tier":"auto","truncation":"disabled","presence_penalty":0,"frequency_penalty":0,"top_logprobs":0,
             "metadata":{"a":"b"},"stream_options":{},"max_tool_calls":3,"max_budget_usd":"1","previous_response_id":null}
            """);
        response.EnsureSuccessStatusCode();

        var sent = _gateway.Xai.Requests.Single();
        sent.UnknownFields.Should().BeEmpty();
        var json = JsonSerializer.Deserialize<JsonElement>(sent.BodyText);
        json.Text("model").Should().Be("grok-4.3");
        json.GetProperty("store").GetBoolean().Should().BeFalse();
        json.GetProperty("reasoning").Text("effort").Should().Be("high");
        json.Number("max_output_tokens").ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be(response.Header("X-LLMTR-Max-Output-Tokens"));
        sent.Fields.Should().OnlyHaveUniqueItems();
        sent.Fields.Should().NotContain(["metadata", "stream_options", "max_tool_calls", "max_budget_usd", "background", "service_tier", "truncation", "previous_response_id"]);
        response.Header("X-LLMTR-Ignored-Fields")!.Split(", ").Should().BeEquivalentTo("metadata", "stream_options", "max_tool_calls");
        (await response.JsonAsync()).Text("model").Should().Be("xai/grok-4.3");
    }

    [Fact]
    public async Task CapOfTheCaller_IsForwardedAsItIs()
    {
        using var response = await _key.PostAsync("""{"model":"xai/grok-4.3","input":"hi","max_output_tokens":777}""");

        JsonSerializer.Deserialize<JsonElement>(_gateway.Xai.Requests.Single().BodyText).Number("max_output_tokens").Should().Be(777);
        response.Header("X-LLMTR-Max-Output-Tokens").Should().BeNull();
    }

    [Fact]
    public async Task SmallBalance_LowersTheCap_SoThatFourRequestsFit()
    {
        var key = await _gateway.CreateKeyAsync("0.1");
        using var response = await key.PostAsync(TestKey.Hello);

        // A quarter of 0.1 USD, less the input ("Hello" with its quotes: 7 bytes / 3, rounded up, + 256) at 12,500 ticks, in tokens of output at 25,000.
        response.Header("X-LLMTR-Max-Output-Tokens").Should().Be(((250_000_000 - (259 * 12_500)) / 25_000).ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await key.LedgerAsync())[0].Number("amount_ticks").Should().Be(250_000_000);
    }

    [Fact]
    public async Task SilentStream_GetsKeepAliveComments()
    {
        await using var patient = await TestGateway.StartAsync(configuration: new() { ["Metering:KeepAlive"] = "00:00:00.100" });
        var key = await patient.CreateKeyAsync();
        patient.Xai.Enqueue(Behaviour.None with { Step = true });
        var answer = await key.PostAsync(TestKey.HelloStreamed);
        await using var stream = await answer.Content.ReadAsStreamAsync();

        var comment = new byte[": keep-alive\n\n".Length];
        await stream.ReadExactlyAsync(comment);
        System.Text.Encoding.ASCII.GetString(comment).Should().Be(": keep-alive\n\n");

        patient.Xai.Steps.Allow(1000);
        using var rest = new StreamReader(stream);
        (await rest.ReadToEndAsync()).Should().Contain("response.completed").And.NotContain("event: error");
        (await key.LedgerAsync())[^1].Text("cost_source").Should().Be("provider");
    }
}
