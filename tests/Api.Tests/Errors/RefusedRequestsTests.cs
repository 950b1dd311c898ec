using LlmTr.Api.Tests.Running;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Errors;

/// <summary>
/// Every refusal of <c>/v1/responses</c>, sent over HTTP: status, type and param; and nothing of it reaches xAI or the ledger.
/// </summary>
public sealed class RefusedRequestsTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Invalid = "invalid_request_error";
    private const string Unsupported = "unsupported_capability";

    [Theory]
    // Not a request at all.
    [InlineData("", 400, Invalid, null)]
    [InlineData("not json", 400, Invalid, null)]
    [InlineData("[]", 400, Invalid, null)]
    [InlineData("null", 400, Invalid, null)]
    [InlineData("""{"model":"xai/grok-4.3","input":"x"} trailing""", 400, Invalid, null)]
    [InlineData("""{"model":"xai/grok-4.3","model":"xai/grok-4.3","input":"x"}""", 400, Invalid, "model")]
    // Models.
    [InlineData("""{"input":"x"}""", 400, Invalid, "model")]
    [InlineData("""{"model":null,"input":"x"}""", 400, Invalid, "model")]
    [InlineData("""{"model":7,"input":"x"}""", 400, Invalid, "model")]
    [InlineData("""{"model":"xai/grok-nope","input":"x"}""", 404, "model_not_found", "model")]
    [InlineData("""{"model":"xai/grok-3","input":"x"}""", 410, "model_retired", "model")]
    [InlineData("""{"model":"xai/grok-4-fast","input":"x"}""", 410, "model_retired", "model")]
    // Effort.
    [InlineData("""{"model":"xai/grok-4.3:enormous","input":"x"}""", 400, Invalid, "model")]
    [InlineData("""{"model":"xai/grok-4.3:xhigh","input":"x"}""", 400, Unsupported, "model")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","reasoning":{"effort":"xhigh"}}""", 400, Unsupported, "reasoning.effort")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","reasoning":{"effort":"huge"}}""", 400, Invalid, "reasoning.effort")]
    [InlineData("""{"model":"xai/grok-4.20-0309-reasoning","input":"x","reasoning_effort":"low"}""", 400, Unsupported, "reasoning_effort")]
    [InlineData("""{"model":"xai/grok-4.20-0309-non-reasoning:high","input":"x"}""", 400, Unsupported, "model")]
    [InlineData("""{"model":"xai/grok-4.20-multi-agent:min","input":"x"}""", 400, Unsupported, "model")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","reasoning":{"effort":"low"},"reasoning_effort":"high"}""", 400, Invalid, "reasoning_effort")]
    // Input.
    [InlineData("""{"model":"xai/grok-4.3"}""", 400, Invalid, "input")]
    [InlineData("""{"model":"xai/grok-4.3","input":7}""", 400, Invalid, "input")]
    [InlineData("""{"model":"xai/grok-4.3","input":[]}""", 400, Invalid, "input")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","messages":[{"role":"user","content":"x"}]}""", 400, Invalid, "messages")]
    [InlineData("""{"model":"xai/grok-4.3","input":[{"type":"item_reference","id":"x"}]}""", 400, Unsupported, "input[0].type")]
    [InlineData("""{"model":"xai/grok-4.3","input":[{"type":"web_search_call"}]}""", 400, Unsupported, "input[0].type")]
    [InlineData("""{"model":"xai/grok-4.3","input":[{"role":"user","content":[{"type":"input_file","file_url":"https://x"}]}]}""", 400, Unsupported, "input[0].content[0].type")]
    [InlineData("""{"model":"xai/grok-4.3","input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]}""", 400, Unsupported, "input[0].content[0].file_id")]
    // Fields that are refused by name.
    [InlineData("""{"model":"xai/grok-4.3","input":"x","store":true}""", 400, Invalid, "store")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","previous_response_id":"r"}""", 400, Unsupported, "previous_response_id")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","conversation":"c"}""", 400, Unsupported, "conversation")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","prompt":{"id":"p"}}""", 400, Unsupported, "prompt")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","context_management":[]}""", 400, Unsupported, "context_management")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","service_tier":"priority"}""", 400, Unsupported, "service_tier")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","max_tokens":5}""", 400, Invalid, "max_tokens")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","search_parameters":{}}""", 400, Unsupported, "search_parameters")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","web_search_options":{}}""", 400, Unsupported, "web_search_options")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","background":true}""", 400, Invalid, "background")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","truncation":"auto"}""", 400, Invalid, "truncation")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","presence_penalty":0.5}""", 400, Invalid, "presence_penalty")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","frequency_penalty":1}""", 400, Invalid, "frequency_penalty")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","top_logprobs":3}""", 400, Invalid, "top_logprobs")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","no_such_field":1}""", 400, Invalid, "no_such_field")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","include":["file_search_call.results"]}""", 400, Unsupported, "include[0]")]
    // Tools.
    [InlineData("""{"model":"xai/grok-4.3","input":"x","tools":[{"type":"web_search"}]}""", 400, Unsupported, "tools[0].type")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","tools":[{"type":"x_search"}]}""", 400, Unsupported, "tools[0].type")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","tools":[{"type":"code_interpreter"}]}""", 400, Unsupported, "tools[0].type")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","tools":[{"type":"mcp"}]}""", 400, Unsupported, "tools[0].type")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","tools":[{"type":"shell"}]}""", 400, Unsupported, "tools[0].type")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","tools":[{"type":"function","name":"f","type":"web_search"}]}""", 400, Unsupported, "tools[0].type")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","tools":[{"type":"function"}]}""", 400, Invalid, "tools[0].name")]
    [InlineData("""{"model":"xai/grok-4.20-multi-agent","input":"x","tools":[{"type":"function","name":"f"}]}""", 400, Unsupported, "tools")]
    // Ranges.
    [InlineData("""{"model":"xai/grok-4.3","input":"x","temperature":2.5}""", 400, Invalid, "temperature")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","top_p":-1}""", 400, Invalid, "top_p")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","max_output_tokens":0}""", 400, Invalid, "max_output_tokens")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","max_output_tokens":1.5}""", 400, Invalid, "max_output_tokens")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","max_output_tokens":99999999999}""", 400, Invalid, "max_output_tokens")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","stream":"yes"}""", 400, Invalid, "stream")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","text":{"format":{"type":"xml"}}}""", 400, Invalid, "text.format.type")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","text":{"format":{"type":"text"}},"response_format":{"type":"text"}}""", 400, Invalid, "response_format")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","max_budget_usd":-1}""", 400, Invalid, "max_budget_usd")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","max_budget_usd":0.00001}""", 402, "budget_exceeded", "max_budget_usd")]
    public async Task Request_IsRefused(string body, int status, string type, string? param)
    {
        var before = shared.Gateway.Xai.Requests.Count;
        using var response = await shared.Key.PostAsync(body);

        (await response.ErrorAsync()).Should().Be((status, type, param));
        response.Header("Server-Timing").Should().StartWith("gateway;dur=");
        shared.Gateway.Xai.Requests.Should().HaveCount(before);
        (await shared.Key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 0));
    }

    [Fact]
    public async Task RetiredModel_NamesItsReplacement()
    {
        using var response = await shared.Key.PostAsync("""{"model":"grok-3-mini","input":"x"}""");

        var details = (await response.JsonAsync()).GetProperty("error").GetProperty("details");
        details.Text("model").Should().Be("xai/grok-3-mini");
        details.Text("replacement_model").Should().Be("xai/grok-4.3");
        details.Text("retirement_date").Should().Be("2026-05-15");
    }

    [Fact]
    public async Task BodyAboveItsLimit_Is413()
    {
        using var response = await shared.Key.PostAsync($$"""{"model":"xai/grok-4.3","input":"{{new string('x', 32 * 1024 * 1024)}}"}""");

        (await response.ErrorAsync()).Should().Be((413, "request_too_large", null));
    }

    [Fact]
    public async Task InputAboveTheModelsCeiling_Is413_AndBelowItGoesThrough()
    {
        var tooLong = string.Concat(Enumerable.Repeat("token ", 210_000));
        using var refused = await shared.Key.PostAsync($$"""{"model":"xai/grok-4.3","input":"{{tooLong}}"}""");
        (await refused.ErrorAsync()).Should().Be((413, "request_too_large", "input"));

        // Above the ceiling by the cheap estimate, below it by a real count.
        var honest = string.Concat(Enumerable.Repeat("token ", 190_000));
        using var dry = await shared.Key.PostAsync($$"""{"model":"xai/grok-4.3","input":"{{honest}}"}""", headers: ("X-LLMTR-Dry-Run", "true"));
        dry.IsSuccessStatusCode.Should().BeTrue(await dry.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task DryRun_QuotesAndHoldsNothing()
    {
        var before = shared.Gateway.Xai.Requests.Count;
        using var response = await shared.Key.PostAsync(
            """{"model":"xai/grok-4.3","input":"x","max_output_tokens":1000}""", headers: ("X-LLMTR-Dry-Run", "true"));

        // (1 byte / 3, rounded up, + 256) × 12,500 + 1,000 × 25,000 ticks.
        var json = await response.JsonAsync();
        json.Number("quote_ticks").Should().Be(257 * 12_500 + 1000 * 25_000);
        json.Text("quote_usd").Should().Be(new UsdTicks(257 * 12_500 + 1000 * 25_000).ToUsdString());
        json.Text("available_usd").Should().Be("5");
        shared.Gateway.Xai.Requests.Should().HaveCount(before);
        (await shared.Key.LedgerAsync()).Should().BeEmpty();
    }
}
