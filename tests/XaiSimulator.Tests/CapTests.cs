using System.Text.Json;

namespace LlmTr.XaiSimulator.Tests;

/// <summary><c>max_output_tokens</c> (xAI contract, sections 3.1, 3.3 and 10.1).</summary>
public sealed class CapTests : SimulatorTest
{
    // Thinks 18 tokens at low effort: two for each of nine pieces of its summary.
    private const string Question = "One two";

    [Fact]
    public async Task Cap_CutsTheAnswer_WhichIsIncompleteWithUsage()
    {
        var answer = await JsonOfAsync(Ask(Question, "\"max_output_tokens\":20"));

        answer.GetProperty("status").GetString().Should().Be("incomplete");
        answer.GetProperty("incomplete_details").GetRawText().Should().Be("""{"reason":"max_output_tokens"}""");
        answer.GetProperty("max_output_tokens").GetInt32().Should().Be(20);
        OutputTokens(answer).Should().Be(20);
        ReasoningTokens(answer).Should().Be(18);
        answer.GetProperty("output")[1].GetProperty("content")[0].GetProperty("text").GetString().Should().Be("Hello!");
    }

    [Fact]
    public async Task Cap_BelowTheReasoning_LeavesNoMessage()
    {
        var answer = await JsonOfAsync(Ask(Question, "\"max_output_tokens\":7"));

        OutputTokens(answer).Should().Be(7);
        ReasoningTokens(answer).Should().Be(7);
        answer.GetProperty("status").GetString().Should().Be("incomplete");
        answer.GetProperty("output").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Cap_NotReached_ChangesNothing()
    {
        var answer = await JsonOfAsync(Ask(Question, "\"max_output_tokens\":1000"));

        answer.GetProperty("status").GetString().Should().Be("completed");
        answer.GetProperty("incomplete_details").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task Cap_InAStream_EndsWithIncomplete()
    {
        var frames = await FramesOfAsync(Ask(Question, "\"max_output_tokens\":20,\"stream\":true"));

        frames[^1].Event.Should().Be("response.incomplete");
        OutputTokens(frames[^1].Json.GetProperty("response")).Should().Be(20);
    }

    [Fact]
    public async Task Cap_OfTheAnswerOnly_LetsReasoningExceedIt()
    {
        var answer = await JsonOfAsync(Ask($"[[sim:cap=answer]]{Question}", "\"max_output_tokens\":2"));

        ReasoningTokens(answer).Should().Be(18);
        OutputTokens(answer).Should().Be(20);
        answer.GetProperty("status").GetString().Should().Be("incomplete");
    }

    [Fact]
    public async Task Cap_OnTheMultiAgentModel_IsIgnored()
    {
        var answer = await JsonOfAsync(Ask(Question, "\"max_output_tokens\":2", "grok-4.20-multi-agent-0309"));

        OutputTokens(answer).Should().BeGreaterThan(2);
        answer.GetProperty("status").GetString().Should().Be("completed");
    }

    private static long OutputTokens(JsonElement answer) => answer.GetProperty("usage").GetProperty("output_tokens").GetInt64();

    private static long ReasoningTokens(JsonElement answer) =>
        answer.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt64();
}
