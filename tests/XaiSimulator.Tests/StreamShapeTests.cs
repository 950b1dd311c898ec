using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>A streamed answer, frame by frame (xAI contract, sections 3.7 and 10.2).</summary>
public sealed class StreamShapeTests : SimulatorTest
{
    [Fact]
    public async Task Frames_AreTheContractsSampleToTheByte()
    {
        Simulator.Enqueue(new Behaviour { Answer = "Merhaba", InputTokens = 205, CachedTokens = 128, OutputTokens = 40, ReasoningTokens = 31 });

        var stream = await TextOfAsync(AskStreamed("Hi"));

        var frames = Frame.Split(stream);
        var id = frames[0].Json.GetProperty("response").GetProperty("id").GetString();
        const string summary = """The user said: \"Hi\"\n""";
        string[] thought = ["The", " user", " said", ":", " \\\"", "Hi", "\\\"", "\\n"];
        string[] middle =
        [
            Event("response.output_item.added", $$""" "item":{"id":"rs_{{id}}","summary":[],"type":"reasoning","status":"in_progress"},"output_index":0 """),
            Event("response.reasoning_summary_part.added", $$""" "item_id":"rs_{{id}}","output_index":0,"part":{"text":"","type":"summary_text"},"summary_index":0 """),
            .. thought.Select(piece => Event("response.reasoning_summary_text.delta", $$""" "delta":"{{piece}}","item_id":"rs_{{id}}","output_index":0,"summary_index":0 """)),
            Event("response.reasoning_summary_text.done", $$""" "item_id":"rs_{{id}}","output_index":0,"summary_index":0,"text":"{{summary}}" """),
            Event("response.reasoning_summary_part.done", $$""" "item_id":"rs_{{id}}","output_index":0,"part":{"text":"{{summary}}","type":"summary_text"},"summary_index":0 """),
            Event("response.output_item.done", $$""" "item":{"id":"rs_{{id}}","summary":[{"text":"{{summary}}","type":"summary_text"}],"type":"reasoning","status":"completed"},"output_index":0 """),
            Event("response.output_item.added", $$""" "item":{"content":[],"id":"msg_{{id}}","role":"assistant","type":"message","status":"in_progress"},"output_index":1 """),
            Event("response.content_part.added", $$""" "content_index":0,"item_id":"msg_{{id}}","output_index":1,"part":{"type":"output_text","text":"","logprobs":[],"annotations":[]} """),
            Event("response.output_text.delta", $$""" "content_index":0,"delta":"Merhaba","item_id":"msg_{{id}}","output_index":1,"logprobs":[] """),
            Event("response.output_text.done", $$""" "content_index":0,"item_id":"msg_{{id}}","output_index":1,"text":"Merhaba","logprobs":[] """),
            Event("response.content_part.done", $$""" "content_index":0,"item_id":"msg_{{id}}","output_index":1,"part":{"type":"output_text","text":"Merhaba","logprobs":[],"annotations":[]} """),
            Event("response.output_item.done", $$""" "item":{"content":[{"type":"output_text","text":"Merhaba","logprobs":[],"annotations":[]}],"id":"msg_{{id}}","role":"assistant","type":"message","status":"completed"},"output_index":1 """),
        ];
        var expected = middle.Select((frame, i) => frame.Replace("SEQUENCE", $"{i + 2}", StringComparison.Ordinal));
        var actual = stream.Split("\n\n")[2..^2];
        actual.Should().Equal(expected);
        frames[^1].Event.Should().Be("response.completed");
        frames[^1].Data.Should().StartWith($$"""{"sequence_number":{{frames.Count - 1}},"type":"response.completed","response":{"created_at":""");
        stream.Should().EndWith("}\n\n", "xAI sends no [DONE]");
    }

    [Theory]
    [InlineData(0, "response.created")]
    [InlineData(1, "response.in_progress")]
    public async Task FirstFrames_ShowAnAnswerInProgress_WithFloatsOf32Bits(int index, string type)
    {
        var frame = (await FramesOfAsync(AskStreamed("Hi")))[index];

        frame.Event.Should().Be(type);
        frame.Data.Should().StartWith($$"""{"sequence_number":{{index}},"type":"{{type}}","response":{"created_at":""");
        var response = frame.Json.GetProperty("response");
        response.EnumerateObject().Select(member => member.Name).Should().Equal(
            "created_at", "completed_at", "id", "max_output_tokens", "model", "object", "output", "parallel_tool_calls", "previous_response_id", "reasoning",
            "temperature", "text", "tool_choice", "tools", "top_p", "usage", "user", "incomplete_details", "status", "store", "metadata", "background",
            "service_tier", "truncation", "top_logprobs", "presence_penalty", "frequency_penalty", "prompt_cache_key", "max_tool_calls", "safety_identifier",
            "error", "instructions");
        response.GetProperty("completed_at").GetRawText().Should().Be("null");
        response.GetProperty("status").GetString().Should().Be("in_progress");
        response.GetProperty("output").GetRawText().Should().Be("[]");
        response.GetProperty("usage").GetRawText().Should().Be("null");
        response.GetProperty("reasoning").GetRawText().Should().Be("""{"effort":null,"summary":null}""");
        response.GetProperty("temperature").GetRawText().Should().Be("0.699999988079071");
        response.GetProperty("top_p").GetRawText().Should().Be("0.949999988079071");
    }

    [Fact]
    public async Task LastFrame_HasTheWholeAnswerAndItsCost()
    {
        Simulator.Enqueue(new Behaviour { InputTokens = 205, CachedTokens = 128, OutputTokens = 40, ReasoningTokens = 31 });

        var frames = await FramesOfAsync(AskStreamed("Hi"));

        var response = frames[^1].Json.GetProperty("response");
        response.GetProperty("status").GetString().Should().Be("completed");
        response.GetProperty("reasoning").GetRawText().Should().Be("""{"effort":null,"summary":null}""");
        response.GetProperty("usage").GetRawText().Should().Be("""
            {"input_tokens":205,"input_tokens_details":{"cached_tokens":128},"output_tokens":40,"output_tokens_details":{"reasoning_tokens":31},"total_tokens":245,
            "num_sources_used":0,"num_server_side_tools_used":0,"cost_in_usd_ticks":2218500,"context_details":{"input_tokens":205,"output_tokens":40}}
            """.ReplaceLineEndings(""));
        var said = string.Concat(frames.Where(frame => frame.Event == "response.output_text.delta").Select(frame => frame.Json.GetProperty("delta").GetString()));
        response.GetProperty("output")[1].GetProperty("content")[0].GetProperty("text").GetString().Should().Be(said);
    }

    [Fact]
    public async Task EncryptedReasoning_IsTheSameInItsItemAndAtTheEnd()
    {
        var frames = await FramesOfAsync(Ask("Hi", "\"stream\":true,\"include\":[\"reasoning.encrypted_content\"]"));

        var item = frames.First(frame => frame.Event == "response.output_item.done").Json.GetProperty("item");
        var last = frames[^1].Json.GetProperty("response").GetProperty("output")[0];
        last.GetRawText().Should().Be(item.GetRawText()).And.Contain("encrypted_content");
    }

    [Fact]
    public async Task LettersBeyondTheBasicPlane_AreSentAsTheyAre() =>
        (await TextOfAsync(AskStreamed("[[sim:answer=Günaydın 😀 \"x\"]]"))).Should().Contain("""Günaydın 😀 \"x\" """.TrimEnd()).And.NotContain("\\u");

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public async Task Deltas_AreAsManyAsAskedFor(int deltas)
    {
        var frames = await FramesOfAsync(AskStreamed($"[[sim:deltas={deltas}]]"));

        var said = frames.Where(frame => frame.Event == "response.output_text.delta").Select(frame => frame.Json.GetProperty("delta").GetString()).ToList();
        said.Should().HaveCount(deltas).And.NotContain("");
        frames.Single(frame => frame.Event == "response.output_text.done").Json.GetProperty("text").GetString().Should().Be(string.Concat(said));
    }

    private static string Event(string type, string members) => $$"""
        event: {{type}}
        data: {"sequence_number":SEQUENCE,"type":"{{type}}",{{members.Trim()}}}
        """;
}
