using System.Text.Json;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>The formula on the contract's and the recordings' numbers, and ways to report it wrongly (xAI contract, sections 2 and 10.1).</summary>
public sealed class CostTests : SimulatorTest
{
    [Theory]
    [InlineData("grok-4.3", 210, 192, 64, 2_209_000)]
    [InlineData("grok-4.3", 205, 128, 40, 2_218_500)]
    [InlineData("grok-4.3", 204, 128, 80, 3_206_000)]
    [InlineData("grok-4.3", 306, 192, 88, 4_009_000)]
    [InlineData("grok-4.3", 199, 128, 160, 5_143_500)]
    [InlineData("grok-4.20-0309-non-reasoning", 150, 0, 12, 2_175_000)]
    [InlineData("grok-4.20-multi-agent-0309", 9_400, 2_048, 2_000, 145_996_000)]
    [InlineData("grok-4.3", 199_999, 0, 100, 2_502_487_500)]
    [InlineData("grok-4.3", 200_000, 0, 100, 5_005_000_000)]
    [InlineData("grok-4.3", 250_000, 0, 100, 6_255_000_000)]
    [InlineData("grok-4.3", 250_000, 250_000, 0, 1_000_000_000)]
    public async Task Cost_FollowsTheFormula(string model, long input, long cached, long output, long ticks)
    {
        Simulator.Enqueue(new Behaviour { InputTokens = input, CachedTokens = cached, OutputTokens = output });

        var answer = await JsonOfAsync(Ask("x", model: model));

        CostOf(answer).Should().Be(ticks);
        (await RecordedAsync()).Billed.Should().Be(new UsdTicks(ticks));
    }

    [Fact]
    public async Task Cost_OfPriority_IsDouble()
    {
        var plain = CostOf(await JsonOfAsync(Ask("The same question")));
        var priority = CostOf(await JsonOfAsync(Ask("The same question", "\"service_tier\":\"priority\"")));

        priority.Should().Be(2 * plain);
    }

    [Fact]
    public async Task Cost_FollowsFromTheReportedTokens_WhateverTheQuestion()
    {
        foreach (var length in new[] { 0, 1, 9, 5_000 })
        {
            var usage = (await JsonOfAsync(Ask(new string('x', length)))).GetProperty("usage");

            var input = usage.GetProperty("input_tokens").GetInt64();
            var cached = usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt64();
            var output = usage.GetProperty("output_tokens").GetInt64();
            input.Should().Be(190 + ((length + 3) / 4), "a hidden prompt is added to a token for four bytes");
            cached.Should().Be(input >= 192 ? 128 : 0, "cached tokens come in blocks of 64");
            usage.GetProperty("total_tokens").GetInt64().Should().Be(input + output);
            usage.GetProperty("cost_in_usd_ticks").GetInt64().Should().Be(((input - cached) * 12_500) + (cached * 2_000) + (output * 25_000));
        }
    }

    [Fact]
    public async Task Cost_OfALongQuestion_IsAtTheLongContextPrice()
    {
        var usage = (await JsonOfAsync(Ask(new string('x', 4 * 200_000)))).GetProperty("usage");

        var (input, output) = (usage.GetProperty("input_tokens").GetInt64(), usage.GetProperty("output_tokens").GetInt64());
        input.Should().Be(200_190);
        usage.GetProperty("cost_in_usd_ticks").GetInt64().Should().Be(((input - 128) * 25_000) + (128 * 4_000) + (output * 50_000));
    }

    [Theory]
    [InlineData("low", 4)]
    [InlineData("medium", 4)]
    [InlineData("high", 16)]
    [InlineData("xhigh", 16)]
    public async Task MultiAgent_BillsTheTokensOfAllItsAgents(string effort, int agents)
    {
        var usage = (await JsonOfAsync(Ask("12345678", $$""" "reasoning":{"effort":"{{effort}}"} """, "grok-4.20-multi-agent-0309"))).GetProperty("usage");

        usage.GetProperty("input_tokens").GetInt64().Should().Be(192 * agents);
        usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt64().Should().Be(128 * agents);
        usage.GetProperty("context_details").GetProperty("input_tokens").GetInt64().Should().Be(192);
        var output = usage.GetProperty("output_tokens").GetInt64();
        usage.GetProperty("cost_in_usd_ticks").GetInt64().Should().Be(agents * ((64 * 12_500) + (128 * 2_000) + (output / agents * 25_000)));
    }

    [Theory]
    [InlineData("omit", "<missing>", 2_218_500)]
    [InlineData("null", "null", 2_218_500)]
    [InlineData("zero", "0", 0)]
    [InlineData("string", "\"2218500\"", 2_218_500)]
    [InlineData("negative", "-2218500", 2_218_500)]
    [InlineData("fractional", "2218500.5", 2_218_500)]
    [InlineData("overflow", "9223372036854775808", 2_218_500)]
    [InlineData("x1000", "2218500000", 2_218_500_000)]
    [InlineData("123", "123", 123)]
    public async Task Cost_CanBeReportedWrongly(string word, string reported, long billed)
    {
        var prompt = $"[[sim:cost={word};input_tokens=205;cached_tokens=128;output_tokens=40]]";

        var plain = await JsonOfAsync(Ask(prompt));
        var streamed = (await FramesOfAsync(AskStreamed(prompt)))[^1].Json.GetProperty("response");

        foreach (var answer in new[] { plain, streamed })
        {
            var shown = answer.GetProperty("usage").TryGetProperty("cost_in_usd_ticks", out var cost) ? cost.GetRawText() : "<missing>";
            shown.Should().Be(reported);
        }

        Simulator.Books.Billed.Should().Be(new UsdTicks(2 * billed));
    }

    [Fact]
    public async Task Usage_CanBeMissingOrNull()
    {
        (await JsonOfAsync(Ask("[[sim:usage=omit]]"))).TryGetProperty("usage", out _).Should().BeFalse();
        (await JsonOfAsync(Ask("[[sim:usage=null]]"))).GetProperty("usage").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task ServerTools_AreReportedAndBilledByTheSearch()
    {
        var usage = (await JsonOfAsync(Ask("[[sim:server_tools=2;input_tokens=205;cached_tokens=128;output_tokens=40]]"))).GetProperty("usage");

        usage.GetProperty("num_server_side_tools_used").GetInt32().Should().Be(2);
        usage.GetProperty("server_side_tool_usage_details").GetProperty("web_search_calls").GetInt32().Should().Be(2);
        usage.GetProperty("cost_in_usd_ticks").GetInt64().Should().Be(2_218_500 + (2 * 50_000_000));
    }

    private static long CostOf(JsonElement answer) => answer.GetProperty("usage").GetProperty("cost_in_usd_ticks").GetInt64();
}
