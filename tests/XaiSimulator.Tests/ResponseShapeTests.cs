using System.Text.Json;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>A plain answer, member by member (xAI contract, sections 3.5 and 10.1).</summary>
public sealed class ResponseShapeTests : SimulatorTest
{
    [Fact]
    public async Task Answer_IsTheContractsSampleToTheByte()
    {
        Simulator.Enqueue(new Behaviour { Answer = "Merhaba!", InputTokens = 210, CachedTokens = 192, OutputTokens = 64, ReasoningTokens = 58 });

        var text = await TextOfAsync(Ask("Selam", "\"store\":false"));

        var answer = JsonElement.Parse(text);
        var id = answer.GetProperty("id").GetString();
        var created = answer.GetProperty("created_at").GetInt64();
        var completed = answer.GetProperty("completed_at").GetInt64();
        completed.Should().BeInRange(created, created + 5);
        text.Should().Be($$$"""
            {"created_at":{{{created}}},"completed_at":{{{completed}}},"id":"{{{id}}}","max_output_tokens":null,"model":"grok-4.3","object":"response",
            "output":[
            {"id":"rs_{{{id}}}","summary":[{"text":"The user said: \"Selam\"\n","type":"summary_text"}],"type":"reasoning","status":"completed"},
            {"content":[{"type":"output_text","text":"Merhaba!","logprobs":[],"annotations":[]}],"id":"msg_{{{id}}}","role":"assistant","type":"message","status":"completed"}],
            "parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"detailed"},"temperature":0.7,"text":{"format":{"type":"text"}},
            "tool_choice":"auto","tools":[],"top_p":0.95,
            "usage":{"input_tokens":210,"input_tokens_details":{"cached_tokens":192},"output_tokens":64,"output_tokens_details":{"reasoning_tokens":58},"total_tokens":274,
            "num_sources_used":0,"num_server_side_tools_used":0,"cost_in_usd_ticks":2209000,"context_details":{"input_tokens":210,"output_tokens":64}},
            "user":null,"incomplete_details":null,"status":"completed","store":false,"metadata":{"system_fingerprint":"fp_eb3c003fc66c14ed"},"background":false,
            "service_tier":"default","truncation":"disabled","top_logprobs":0,"presence_penalty":0.0,"frequency_penalty":0.0,"prompt_cache_key":null,
            "max_tool_calls":null,"safety_identifier":null,"error":null,"instructions":null}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Echo_ShowsWhatWasSent()
    {
        var answer = await JsonOfAsync(Ask("x", """
            "max_output_tokens":5000,"temperature":1,"top_p":0.5,"user":"u-1","prompt_cache_key":"k-1","safety_identifier":"s-1","max_tool_calls":3,
            "parallel_tool_calls":false,"reasoning":{"effort":"medium"},"service_tier":"priority","instructions":"Be short.",
            "tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"web_search"}],"tool_choice":"auto",
            "text":{"format":{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}}}
            """));

        Raw("max_output_tokens").Should().Be("5000");
        Raw("temperature").Should().Be("1.0");
        Raw("top_p").Should().Be("0.5");
        Raw("user").Should().Be("\"u-1\"");
        Raw("prompt_cache_key").Should().Be("\"k-1\"");
        Raw("safety_identifier").Should().Be("\"s-1\"");
        Raw("max_tool_calls").Should().Be("3");
        Raw("parallel_tool_calls").Should().Be("false");
        Raw("reasoning").Should().Be("""{"effort":"medium","summary":"detailed"}""");
        Raw("service_tier").Should().Be("\"priority\"");
        Raw("instructions").Should().Be("\"Be short.\"");
        Raw("store").Should().Be("true", "that is xAI's default");
        Raw("tools").Should().Be("""[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"web_search","search_context_size":"medium"}]""");
        Raw("text").Should().Be("""{"format":{"type":"json_schema","schema":{"type":"object"}}}""", "xAI drops name and strict");

        string Raw(string name) => answer.GetProperty(name).GetRawText();
    }

    [Theory]
    [InlineData("grok-4.20-0309-non-reasoning")]
    [InlineData("grok-4.20-non-reasoning")]
    public async Task NonReasoningModel_AnswersWithoutReasoning(string model)
    {
        var answer = await JsonOfAsync(Ask("x", model: model));

        answer.GetProperty("model").GetString().Should().Be("grok-4.20-0309-non-reasoning");
        TypesOf(answer).Should().Equal("message");
        answer.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt64().Should().Be(0);
    }

    [Fact]
    public async Task Effort_None_AnswersWithoutReasoning()
    {
        var answer = await JsonOfAsync(Ask("x", "\"reasoning_effort\":\"none\""));

        TypesOf(answer).Should().Equal("message");
        answer.GetProperty("reasoning").GetProperty("effort").GetString().Should().Be("none");
    }

    [Fact]
    public async Task Include_EncryptedReasoning_ShowsIt()
    {
        var answer = await JsonOfAsync(Ask("x", "\"include\":[\"reasoning.encrypted_content\"]"));

        answer.GetProperty("output")[0].GetProperty("encrypted_content").GetString().Should().HaveLength(619).And.NotEndWith("=");
    }

    [Theory]
    [InlineData("grok-latest", "grok-4.3")]
    [InlineData("grok-4-fast-reasoning", "grok-4.3")]
    [InlineData("grok-4.20", "grok-4.20-0309-reasoning")]
    [InlineData("grok-4.20-multi-agent", "grok-4.20-multi-agent-0309")]
    public async Task Alias_IsAnsweredByItsModel(string alias, string model) =>
        (await JsonOfAsync(Ask("x", model: alias))).GetProperty("model").GetString().Should().Be(model);

    [Fact]
    public async Task Model_CanBeEchoedAsSomethingElse() =>
        (await JsonOfAsync(Ask("[[sim:model=grok-latest]]"))).GetProperty("model").GetString().Should().Be("grok-latest");

    [Theory]
    [InlineData("How are you today?", "Your question has 4 words and 18 characters.")]
    [InlineData("Bugün nasılsın?", "Sorunuz 2 sözcük, 15 karakter.")]
    [InlineData("[[sim:usage=omit]] One two", "Your question has 2 words and 7 characters.")]
    public async Task Answer_SaysWhoSpeaksAndHowLongTheQuestionIs(string question, string expected)
    {
        var answer = await JsonOfAsync(Ask(question));

        answer.GetProperty("output")[1].GetProperty("content")[0].GetProperty("text").GetString().Should().Contain("xAI").And.EndWith(expected);
    }

    [Fact]
    public async Task SameQuestion_HasTheSameAnswerAndCost_ButAnotherId()
    {
        var first = await JsonOfAsync(Ask("Tell me a story."));
        var second = await JsonOfAsync(Ask("Tell me a story."));

        second.GetProperty("usage").GetRawText().Should().Be(first.GetProperty("usage").GetRawText());
        second.GetProperty("output")[1].GetProperty("content").GetRawText().Should().Be(first.GetProperty("output")[1].GetProperty("content").GetRawText());
        second.GetProperty("id").GetString().Should().NotBe(first.GetProperty("id").GetString());
    }

    private static IEnumerable<string?> TypesOf(JsonElement answer) => answer.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("type").GetString());
}
