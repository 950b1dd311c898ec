using System.Net;
using System.Text;
using System.Text.Json;
using LlmTr.Money;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>Streams that end badly, and healthy streams that are written in another way (xAI contract, section 10.2).</summary>
public sealed class StreamFormTests : SimulatorTest
{
    private const string NoAnswer = "Service temporarily unavailable. The model did not respond to this request.";

    [Fact]
    public async Task End_Error_CutsInAfterSoManyFrames_AndIsNotBilled()
    {
        var frames = await FramesOfAsync(AskStreamed("[[sim:end=error;after=11]]"));

        frames.Should().HaveCount(12);
        frames[^1].Should().Be(new Frame("error", $$"""{"sequence_number":11,"type":"error","code":null,"message":"{{NoAnswer}}","param":null}"""));
        (await RecordedAsync()).Billed.Should().Be(UsdTicks.Zero);
    }

    [Fact]
    public async Task End_BareError_IsADataLineWithoutAName()
    {
        var frames = await FramesOfAsync(AskStreamed("[[sim:end=bare-error;after=5]]"));

        frames.Should().HaveCount(6);
        frames[^1].Should().Be(new Frame(null, $$"""{"code":"The service is currently unavailable","error":"{{NoAnswer}}"}"""));
    }

    [Fact]
    public async Task End_Failed_HasNoUsageAndIsNotBilled()
    {
        var last = (await FramesOfAsync(AskStreamed("[[sim:end=failed]]")))[^1];

        last.Event.Should().Be("response.failed");
        var response = last.Json.GetProperty("response");
        response.GetProperty("status").GetString().Should().Be("failed");
        response.GetProperty("error").GetRawText().Should().Be($$"""{"code":"server_error","message":"{{NoAnswer}}"}""");
        response.GetProperty("usage").ValueKind.Should().Be(JsonValueKind.Null);
        (await RecordedAsync()).Billed.Should().Be(UsdTicks.Zero);
    }

    [Fact]
    public async Task End_FailedWithUsage_IsBilled()
    {
        var last = (await FramesOfAsync(AskStreamed("[[sim:end=failed-with-usage]]")))[^1];

        last.Event.Should().Be("response.failed");
        var ticks = last.Json.GetProperty("response").GetProperty("usage").GetProperty("cost_in_usd_ticks").GetInt64();
        (await RecordedAsync()).Billed.Should().Be(new UsdTicks(ticks));
    }

    [Theory]
    [InlineData("end=incomplete", "max_output_tokens")]
    [InlineData("end=incomplete;reason=max_time_limit", "max_time_limit")]
    public async Task End_Incomplete_HasItsReasonAndUsage(string words, string reason)
    {
        var last = (await FramesOfAsync(AskStreamed($"[[sim:{words}]]")))[^1];

        last.Event.Should().Be("response.incomplete");
        var response = last.Json.GetProperty("response");
        response.GetProperty("incomplete_details").GetProperty("reason").GetString().Should().Be(reason);
        response.GetProperty("usage").GetProperty("cost_in_usd_ticks").GetInt64().Should().BePositive();
    }

    [Theory]
    [InlineData("json-error", true)]
    [InlineData("json-error", false)]
    [InlineData("error", false)]
    public async Task End_JsonError_IsASuccessThatHoldsAnError(string end, bool isStreamed)
    {
        using var response = await PostAsync(isStreamed ? AskStreamed($"[[sim:end={end}]]") : Ask($"[[sim:end={end}]]"));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        (await response.Content.ReadAsStringAsync(Bound)).Should().Be($$"""{"code":"The service is currently unavailable","error":"{{NoAnswer}}"}""");
    }

    [Fact]
    public async Task Done_IsSentWhenAskedFor() =>
        (await TextOfAsync(AskStreamed("[[sim:done]]"))).Should().EndWith("}\n\ndata: [DONE]\n\n");

    [Fact]
    public async Task LineEnds_CanBeThoseOfTheStandard()
    {
        var text = await TextOfAsync(AskStreamed("[[sim:line_end=crlf]]"));

        text.Replace("\r\n", "", StringComparison.Ordinal).Should().NotContainAny("\r", "\n");
        Frame.Split(text.Replace("\r\n", "\n", StringComparison.Ordinal))[^1].Event.Should().Be("response.completed");
    }

    [Fact]
    public async Task Data_SpreadOverTwoLines_IsTheSameJson()
    {
        var frames = await FramesOfAsync(AskStreamed("[[sim:split_data]]"));

        frames.Should().OnlyContain(frame => frame.Data.StartsWith("{\n", StringComparison.Ordinal));
        frames[^1].Json.GetProperty("response").GetProperty("status").GetString().Should().Be("completed");
    }

    [Fact]
    public async Task Comments_StandBeforeEachFrame() =>
        (await TextOfAsync(AskStreamed("[[sim:comments]]"))).Split("\n\n")[..^1].Should().OnlyContain(frame => frame.StartsWith(": "));

    [Theory]
    [InlineData("frame")]
    [InlineData("glued")]
    [InlineData("byte")]
    public async Task Writes_DivideTheBytesAsAskedFor(string writes)
    {
        var chunks = await ChunksOfAsync(AskStreamed($"[[sim:writes={writes};answer=x]]Hi"));

        // A delta for each of the eight pieces of the summary, one for the answer, and 13 frames around them.
        const int frames = 8 + 1 + 13;
        chunks.Should().HaveCount(writes switch
        {
            "byte" => chunks.Sum(chunk => chunk.Length),
            "glued" => 1,
            _ => frames,
        });
        var all = Frame.Split(string.Concat(chunks));
        all.Should().HaveCount(frames);
        all[^1].Event.Should().Be("response.completed");
    }

    /// <summary>The chunks of the transfer encoding: one for each write.</summary>
    private async Task<IReadOnlyList<string>> ChunksOfAsync(string body)
    {
        using var socket = await PostRawAsync(body);
        using var reader = new StreamReader(socket.GetStream(), Encoding.Latin1);
        while (await reader.ReadLineAsync(Bound) is { Length: > 0 })
        {
        }

        var chunks = new List<string>();
        while (Convert.ToInt32(await reader.ReadLineAsync(Bound), 16) is var length and > 0)
        {
            var chunk = new char[length];
            await reader.ReadBlockAsync(chunk, Bound);
            chunks.Add(new string(chunk));
            await reader.ReadLineAsync(Bound);
        }

        return chunks;
    }
}
