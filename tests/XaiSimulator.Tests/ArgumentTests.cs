namespace LlmTr.XaiSimulator.Tests;

/// <summary>What xAI refuses, and what it lets pass (xAI contract, sections 1.4 and 3).</summary>
public sealed class ArgumentTests : SimulatorTest
{
    private const string Function = """{"type":"function","name":"f"}""";

    [Theory]
    [InlineData("grok-4.3", "\"metadata\":{\"a\":\"b\"}", 400, "Argument not supported: metadata")]
    [InlineData("grok-4.3", "\"external_web_access\":true", 400, "Argument not supported: external_web_access")]
    [InlineData("grok-4.3", "\"max_tokens\":5", 400, "Argument not supported: max_tokens.*max_output_tokens")]
    [InlineData("grok-4.3", "\"background\":true", 400, "Argument not supported: background")]
    [InlineData("grok-4.3", "\"search_parameters\":{}", 410, "Live search is deprecated. Please switch to the Agent Tools API")]
    [InlineData("grok-4.3", "\"instructions\":\"a\",\"previous_response_id\":\"b\"", 400, "instructions and previous_response_id together")]
    [InlineData("grok-4.3", "\"previous_response_id\":\"b\"", 404, "b")]
    [InlineData("grok-4.3", "\"temperature\":2.1", 400, "temperature")]
    [InlineData("grok-4.3", "\"temperature\":-0.1", 400, "temperature")]
    [InlineData("grok-4.3", "\"top_p\":1.1", 400, "top_p")]
    [InlineData("grok-4.3", "\"presence_penalty\":1", 400, "Argument not supported on this model: presencePenalty")]
    [InlineData("grok-4.20-0309-reasoning", "\"frequency_penalty\":1", 400, "Argument not supported on this model: frequencyPenalty")]
    [InlineData("grok-4.20-0309-reasoning", "\"reasoning\":{\"effort\":\"low\"}", 400, "Model grok-4.20-0309-reasoning does not support parameter reasoningEffort.")]
    [InlineData("grok-4.20-0309-non-reasoning", "\"reasoning_effort\":\"low\"", 400, "Model grok-4.20-0309-non-reasoning does not support parameter reasoningEffort.")]
    [InlineData("grok-4.20-multi-agent-0309", "\"reasoning\":{\"effort\":\"none\"}", 400, "effort none")]
    [InlineData("grok-4.20-multi-agent-0309", "\"tools\":[" + Function + "]", 400, "Client-side tools for multi-agent models require beta access")]
    [InlineData("grok-4.3", "\"tools\":[{\"type\":\"teleport\"}]", 422, "unknown variant `teleport`, expected one of `function`, `web_search`")]
    [InlineData("grok-4.3", "\"tools\":[{\"type\":\"function\"}]", 422, "missing field `name`")]
    [InlineData("grok-4.3", "\"tools\":[{}]", 422, "missing field `type`")]
    [InlineData("grok-4.3", "\"tools\":{}", 422, "tools: invalid type, expected an array")]
    [InlineData("grok-4.3", "\"stream\":\"yes\"", 422, "stream: invalid type, expected a boolean")]
    [InlineData("grok-4.3", "\"max_output_tokens\":1.5", 422, "max_output_tokens")]
    [InlineData("grok-4.3", "\"max_output_tokens\":-1", 422, "max_output_tokens")]
    [InlineData("grok-4.3", "\"reasoning\":{\"effort\":\"extreme\"}", 422, "unknown variant `extreme`")]
    [InlineData("grok-4.3", "\"service_tier\":\"flex\"", 422, "unknown variant `flex`")]
    [InlineData("grok-4.3", "\"tool_choice\":\"maybe\"", 422, "unknown variant `maybe`")]
    [InlineData("grok-4.3", "\"include\":[\"everything\"]", 422, "include")]
    [InlineData("grok-4.3", "\"text\":{\"format\":{\"type\":\"json_schema\"}}", 422, "missing field `schema`")]
    [InlineData("grok-4.3", "\"user\":7", 422, "user: invalid type, expected a string")]
    public async Task Argument_ThatXaiRefuses_IsRefused(string model, string member, int status, string text)
    {
        using var response = await PostAsync(Ask("x", member, model));

        (await response.Content.ReadAsStringAsync(Bound)).Should().MatchRegex(text);
        ((int)response.StatusCode).Should().Be(status);
    }

    [Theory]
    [InlineData(128, 200)]
    [InlineData(129, 400)]
    public async Task Tools_AreAtMost128(int tools, int status)
    {
        using var response = await PostAsync(Ask("x", $"\"tools\":[{string.Join(',', Enumerable.Repeat(Function, tools))}]"));

        ((int)response.StatusCode).Should().Be(status);
    }

    [Theory]
    [InlineData("grok-4.3", "\"reasoning\":{\"effort\":\"xhigh\"}")]
    [InlineData("grok-4.3", "\"temperature\":2,\"top_p\":1,\"stop\":[\"a\"],\"top_logprobs\":2,\"logprobs\":true,\"truncation\":\"auto\"")]
    [InlineData("grok-4.3", "\"metadata\":null,\"search_parameters\":null,\"max_tokens\":null")]
    [InlineData("grok-4.3", "\"web_search_options\":{}")]
    [InlineData("grok-4.20-0309-non-reasoning", "\"presence_penalty\":1,\"frequency_penalty\":1")]
    [InlineData("grok-4.20-multi-agent-0309", "\"tools\":[{\"type\":\"web_search\"}]")]
    public async Task Argument_ThatXaiTakes_IsTaken(string model, string member)
    {
        using var response = await PostAsync(Ask("x", member, model));

        ((int)response.StatusCode).Should().Be(200);
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"a"}]""", 200)]
    [InlineData("""[{"type":"message","role":"developer","content":[{"type":"input_text","text":"a"}]}]""", 200)]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","image_url":"https://x/y.png","detail":"low"}]}]""", 200)]
    [InlineData("""[{"role":"user","content":"a"},{"type":"reasoning","summary":[{"type":"summary_text","text":"b"}],"encrypted_content":"c"}]""", 200)]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","image_url":{"url":"https://x/y.png"}}]}]""", 422)]
    [InlineData("""[{"role":"robot","content":"a"}]""", 422)]
    [InlineData("""[{"role":"user"}]""", 422)]
    [InlineData("""[{"role":"user","content":[{"type":"input_video"}]}]""", 422)]
    [InlineData("""[{"type":"item_reference","id":"a"}]""", 422)]
    [InlineData("""[{"type":"function_call_output","output":"a"}]""", 422)]
    [InlineData("""["a"]""", 422)]
    public async Task Input_IsTyped(string input, int status)
    {
        using var response = await PostAsync($$"""{"model":"grok-4.3","input":{{input}}}""");

        ((int)response.StatusCode).Should().Be(status);
    }
}
