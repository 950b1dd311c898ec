using System.Text.Json;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>Function calls and answers that must be JSON (xAI contract, sections 3.5, 3.7 and 10.1).</summary>
public sealed class ToolTests : SimulatorTest
{
    private const string Weather =
        """
        "tools":[{"type":"function","name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1}},"required":["city"]}}]
        """;

    [Theory]
    [InlineData("Weather?", "\"tool_choice\":\"required\"")]
    [InlineData("Weather?", "\"tool_choice\":{\"type\":\"function\",\"name\":\"weather\"}")]
    [InlineData("[[sim:call=weather]]", "\"tool_choice\":\"auto\"")]
    [InlineData("[[sim:call=*]]", "\"tool_choice\":\"auto\"")]
    public async Task Call_IsMadeWhereItIsRequired_WithArgumentsThatFitItsSchema(string prompt, string choice)
    {
        var answer = await JsonOfAsync(Ask(prompt, $"{Weather},{choice}"));

        var id = answer.GetProperty("id").GetString();
        var call = answer.GetProperty("output")[1];
        var callId = call.GetProperty("call_id").GetString();
        callId.Should().MatchRegex("^call-[0-9a-f-]{36}-0$");
        call.GetRawText().Should().Be(
            $$"""{"arguments":"{\"city\":\"simulated\",\"days\":1}","call_id":"{{callId}}","name":"weather","type":"function_call","id":"fc_{{id}}_0","status":"completed"}""");
    }

    [Fact]
    public async Task Call_IsNotMade_WhereItIsOnlyAllowed() =>
        (await JsonOfAsync(Ask("Weather?", Weather))).GetProperty("output")[1].GetProperty("type").GetString().Should().Be("message");

    [Fact]
    public async Task Call_InAStream_BringsItsArgumentsInOneDelta()
    {
        var frames = await FramesOfAsync(Ask("[[sim:call=weather;arguments={\"city\":\"Ankara\"}]]", "\"stream\":true"));

        var start = frames.ToList().FindLastIndex(frame => frame.Event == "response.output_item.added");
        frames.Skip(start).Select(frame => frame.Event).Should().Equal(
            "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done",
            "response.completed");
        frames[start].Json.GetProperty("item").GetProperty("arguments").GetString().Should().BeEmpty();
        frames[start + 1].Json.GetProperty("delta").GetString().Should().Be("""{"city":"Ankara"}""");
        frames[start + 2].Json.GetProperty("arguments").GetString().Should().Be("""{"city":"Ankara"}""");
        frames[^1].Json.GetProperty("response").GetProperty("output")[1].GetRawText().Should().Be(frames[start + 3].Json.GetProperty("item").GetRawText());
    }

    [Fact]
    public async Task Call_Answered_IsFollowedByText()
    {
        var answer = await JsonOfAsync($$"""
            {"model":"grok-4.3","tool_choice":"required",{{Weather}},"input":[
             {"role":"user","content":"[[sim:call=weather]]Weather?"},
             {"type":"function_call","call_id":"call-1","name":"weather","arguments":"{}"},
             {"type":"function_call_output","call_id":"call-1","output":"Sunny"}]}
            """);

        answer.GetProperty("output")[1].GetProperty("content")[0].GetProperty("text").GetString().Should().StartWith("The tool returned 5 characters.");
    }

    [Fact]
    public async Task Format_JsonSchema_IsAnsweredByAFittingValue()
    {
        var text = await AnswerAsync("""
            {"type":"json_schema","name":"n","schema":{"$defs":{"tag":{"type":["null","string"],"minLength":12}},"type":"object","properties":{
             "kind":{"enum":["a","b"]},"fixed":{"const":7},"tags":{"type":"array","minItems":2,"items":{"$ref":"#/$defs/tag"}},
             "either":{"anyOf":[{"type":"boolean"},{"type":"null"}]},"amount":{"type":"number","exclusiveMinimum":2},"nothing":{"type":"null"}}}}
            """);

        text.Should().Be("""{"kind":"a","fixed":7,"tags":["simulated...","simulated..."],"either":true,"amount":3,"nothing":null}""");
    }

    [Fact]
    public async Task Format_JsonSchemaThatRefersToItself_EndsAllTheSame()
    {
        var text = await AnswerAsync("""{"type":"json_schema","name":"n","schema":{"type":"object","properties":{"next":{"$ref":"#"}}}}""");

        JsonElement.Parse(text!).GetProperty("next").ValueKind.Should().Be(JsonValueKind.Object);
    }

    [Fact]
    public async Task Format_JsonObject_IsAnsweredByAnObject() =>
        JsonElement.Parse((await AnswerAsync("""{"type":"json_object"}"""))!).ValueKind.Should().Be(JsonValueKind.Object);

    private async Task<string?> AnswerAsync(string format)
    {
        var answer = await JsonOfAsync(Ask("x", $$""" "text":{"format":{{format}}} """));
        return answer.GetProperty("output")[1].GetProperty("content")[0].GetProperty("text").GetString();
    }
}
