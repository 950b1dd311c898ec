using System.Text;
using LlmTr.Xai.Streaming;

namespace LlmTr.Xai.Tests.Streaming;

public class SseFrameTests
{
    [Theory]
    [InlineData("response.output_text.delta", SseFrameKind.Delta)]
    [InlineData("response.reasoning_summary_text.delta", SseFrameKind.Delta)]
    [InlineData("response.reasoning_text.delta", SseFrameKind.Delta)]
    [InlineData("response.function_call_arguments.delta", SseFrameKind.Delta)]
    [InlineData("response.mcp_call_output.delta", SseFrameKind.Delta)]
    [InlineData("response.created", SseFrameKind.ResponseSnapshot)]
    [InlineData("response.in_progress", SseFrameKind.ResponseSnapshot)]
    [InlineData("response.queued", SseFrameKind.ResponseSnapshot)]
    [InlineData("response.completed", SseFrameKind.Completed)]
    [InlineData("response.incomplete", SseFrameKind.Incomplete)]
    [InlineData("response.failed", SseFrameKind.Failed)]
    [InlineData("error", SseFrameKind.Error)]
    [InlineData("response.output_text.done", SseFrameKind.Other)]
    [InlineData("response.output_item.added", SseFrameKind.Other)]
    [InlineData("response.web_search_call.completed", SseFrameKind.Other)]
    [InlineData("response.mcp_call.failed", SseFrameKind.Other)]
    [InlineData("response.something_new", SseFrameKind.Other)]
    [InlineData("delta", SseFrameKind.Other)]
    public void Event_ByItsLineOrByItsType_IsOfTheSameKind(string name, SseFrameKind kind)
    {
        KindOf($"event: {name}\ndata: {{}}\n\n").Should().Be(kind);
        KindOf($"data: {{}}\nevent:{name}\n\n").Should().Be(kind);
        KindOf($$"""data: {"sequence_number":1,"type":"{{name}}","delta":"x"}""" + "\n\n").Should().Be(kind);
        KindOf($$"""event: message{{"\n"}}data: {"nested":{"type":"error"},"type":"{{name}}"}""" + "\n\n").Should().Be(kind);
    }

    [Theory]
    [InlineData(SseFrameKind.Completed, true)]
    [InlineData(SseFrameKind.Incomplete, true)]
    [InlineData(SseFrameKind.Failed, true)]
    [InlineData(SseFrameKind.Error, true)]
    [InlineData(SseFrameKind.Delta, false)]
    [InlineData(SseFrameKind.ResponseSnapshot, false)]
    [InlineData(SseFrameKind.Other, false)]
    [InlineData(SseFrameKind.Done, false)]
    [InlineData(SseFrameKind.Comment, false)]
    public void Terminal_IsWhatEndsTheReport(SseFrameKind kind, bool isTerminal)
    {
        var text = kind switch
        {
            SseFrameKind.Completed => "event: response.completed\ndata: {}\n\n",
            SseFrameKind.Incomplete => "event: response.incomplete\ndata: {}\n\n",
            SseFrameKind.Failed => "event: response.failed\ndata: {}\n\n",
            SseFrameKind.Error => "event: error\ndata: {}\n\n",
            SseFrameKind.Delta => "event: x.delta\ndata: {}\n\n",
            SseFrameKind.ResponseSnapshot => "event: response.created\ndata: {}\n\n",
            SseFrameKind.Done => "data: [DONE]\n\n",
            SseFrameKind.Comment => ": c\n\n",
            _ => "data: {}\n\n",
        };
        var frame = new SseFrame(Encoding.UTF8.GetBytes(text));
        frame.Kind.Should().Be(kind);
        frame.IsTerminal.Should().Be(isTerminal);
    }

    [Theory]
    [InlineData("""{"type":"error","code":null,"message":"Service temporarily unavailable. The model did not respond to this request.","param":null}""")]
    [InlineData("""{"code":"The service is currently unavailable","error":"The service is temporarily at capacity."}""")]
    [InlineData("""{"error":"at capacity"}""")]
    [InlineData("""{"error":{"message":"m","type":"t"}}""")]
    public void ErrorData_WithoutAnEventLine_IsAnError(string data) => KindOf($"data: {data}\n\n").Should().Be(SseFrameKind.Error);

    [Theory]
    [InlineData("data: [DONE]\n\n", SseFrameKind.Done)]
    [InlineData("data:[DONE]\r\n\r\n", SseFrameKind.Done)]
    [InlineData("data: [DONE] \n\n", SseFrameKind.Other)]
    [InlineData(": keep-alive\n\n", SseFrameKind.Comment)]
    [InlineData(": a\n: b\n\n", SseFrameKind.Comment)]
    [InlineData("\n", SseFrameKind.Comment)]
    [InlineData("", SseFrameKind.Comment)]
    [InlineData(": a\ndata: {}\n\n", SseFrameKind.Other)]
    [InlineData("id: 7\nretry: 10\n\n", SseFrameKind.Other)]
    [InlineData("event: response.completed\n\n", SseFrameKind.Other)]
    [InlineData("event: response.completed\ndata:\n\n", SseFrameKind.Other)]
    [InlineData("Event: error\ndata: {}\n\n", SseFrameKind.Other)]
    [InlineData(" event: error\ndata: {}\n\n", SseFrameKind.Other)]
    [InlineData("data: {\"error\":null}\n\n", SseFrameKind.Other)]
    [InlineData("data: {\"error\":\"x\"\n\n", SseFrameKind.Other)]
    [InlineData("data: [\"type\",\"error\"]\n\n", SseFrameKind.Other)]
    [InlineData("data: not json\n\n", SseFrameKind.Other)]
    [InlineData("event: first\nevent: error\ndata: {}\n\n", SseFrameKind.Error)]
    [InlineData("\uFEFFevent: error\ndata: {}\n\n", SseFrameKind.Error)]
    [InlineData("event: error\rdata: {}\r\r", SseFrameKind.Error)]
    [InlineData("data: {\"type\":\ndata: \"error\"}\n\n", SseFrameKind.Error)]
    public void Frame_OfOddShape_IsReadAsTheStandardSays(string frame, SseFrameKind kind) => KindOf(frame).Should().Be(kind);

    [Fact]
    public void ResponseDone_IsTheEndOnlyWhenItCarriesUsage()
    {
        KindOf($$"""data: {"type":"response.done","response":{{SampleStream.Response("completed", "[]", SampleStream.Usage)}}}""" + "\n\n").Should().Be(SseFrameKind.Completed);
        KindOf($$"""event: response.done{{"\n"}}data: {"response":{{SampleStream.Response("completed", "[]", "null")}}}""" + "\n\n").Should().Be(SseFrameKind.Other);
        KindOf("event: response.done\ndata: {}\n\n").Should().Be(SseFrameKind.Other);
    }

    [Fact]
    public void SampleStream_ReadFrameByFrame_IsOfTheKindsOfItsEvents()
    {
        var kinds = SampleStream.Frames().Select(KindOf).ToList();
        kinds[..2].Should().AllBeEquivalentTo(SseFrameKind.ResponseSnapshot);
        kinds.Count(k => k == SseFrameKind.Delta).Should().Be(3);
        kinds[^1].Should().Be(SseFrameKind.Completed);
    }

    [Fact]
    public void EventNameAndData_OfOneLine_AreSlicesOfTheFrame()
    {
        var bytes = "event: response.x\r\ndata:  two spaces \r\n\r\n"u8.ToArray();
        var frame = new SseFrame(bytes);
        using var data = frame.ReadData();

        Encoding.UTF8.GetString(frame.EventName).Should().Be("response.x");
        Encoding.UTF8.GetString(data.Span).Should().Be(" two spaces ", "only one space after the colon is not part of the value");
        data.Span.Overlaps(bytes).Should().BeTrue();
        frame.DataLineCount.Should().Be(1);
    }

    [Theory]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("data: a\r\ndata:\r\ndata: c\r\n\r\n", "a\n\nc")]
    [InlineData("data\ndata: b\n\n", "\nb")]
    [InlineData("data\ndata\n\n", "\n")]
    [InlineData("data: a\n: comment\nid: 3\ndata: b", "a\nb")]
    public void Data_OfSeveralLines_IsJoinedByLineFeeds(string text, string joined)
    {
        var frame = new SseFrame(Encoding.UTF8.GetBytes(text));
        using var data = frame.ReadData();
        Encoding.UTF8.GetString(data.Span).Should().Be(joined);
        frame.DataLength.Should().Be(joined.Length);
    }

    [Fact]
    public void OffsetInFrame_OfEveryByteOfTheData_FindsThatByte()
    {
        var bytes = ": c\r\ndata: ab\r\nevent: x\r\ndata:\r\ndata: cde\r\n\r\n"u8.ToArray();
        var frame = new SseFrame(bytes);
        using var data = frame.ReadData();
        for (var i = 0; i < data.Span.Length; i++)
        {
            if (data.Span[i] != (byte)'\n')
                bytes[frame.OffsetInFrame(i)].Should().Be(data.Span[i]);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(3)]
    public void OffsetInFrame_OfNoByteOfALine_IsRefused(int offset)
    {
        var find = () => new SseFrame("data: a\ndata: b\n\n"u8).OffsetInFrame(offset);
        find.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("", 0)]
    [InlineData("dünya", 6)]
    [InlineData("\\n\\\"\\\\\\/", 4)]
    [InlineData("a\\u0041\\u00fc\\u20ACz", 8)]
    [InlineData("\\ud83d\\uDE00", 4)]
    [InlineData("\\ud83d!", 4)]
    [InlineData("\\ud83d\\ud83d\\ude00", 7)]
    [InlineData("\\u0000\\u007f\\u0080\\u07ff\\u0800", 9)]
    [InlineData("😀", 4)]
    public void DeltaTextBytes_CountsTheTextAsUtf8(string json, int count)
    {
        var frame = new SseFrame(Encoding.UTF8.GetBytes($$"""event: response.output_text.delta{{"\n"}}data: {"item":{"delta":"no"},"delta":"{{json}}","logprobs":[]}""" + "\n\n"));
        frame.DeltaTextBytes.Should().Be(count);
    }

    [Theory]
    [InlineData("event: x.delta\ndata: {\"delta\":{\"a\":1}}\n\n")]
    [InlineData("event: x.delta\ndata: {\"text\":\"abc\"}\n\n")]
    [InlineData("event: x.delta\ndata: {\"delta\":\"abc\n\n")]
    [InlineData("event: x.delta\ndata: nonsense\n\n")]
    [InlineData("event: x.done\ndata: {\"delta\":\"abc\"}\n\n")]
    public void DeltaTextBytes_WithoutADeltaText_IsZero(string text) => new SseFrame(Encoding.UTF8.GetBytes(text)).DeltaTextBytes.Should().Be(0);

    [Fact]
    public void DeltaTextBytes_OfDataInSeveralLines_IsCounted() =>
        new SseFrame("event: x.delta\ndata: {\"delta\":\ndata: \"abc\"}\n\n"u8).DeltaTextBytes.Should().Be(3);

    [Fact]
    public void Frame_OfRandomBytes_IsReadWithoutException()
    {
        var random = new Random(42);
        byte[] alphabet = [.. "\r\n:dataevnt {}[]\"\\u,1"u8, 0xEF, 0xBB, 0xBF, 0x00, 0xFF];
        string[] starts = ["", "data: ", "event: x.delta\ndata: {\"delta\":\"", "data: {\"type\":", "data: {\"error\":"];
        for (var round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. Encoding.UTF8.GetBytes(starts[round % starts.Length]), .. random.GetItems(alphabet, random.Next(50))];
            var frame = new SseFrame(bytes);
            using var data = frame.ReadData();
            data.Span.Length.Should().BeLessThanOrEqualTo(bytes.Length);
            frame.DeltaTextBytes.Should().BeInRange(0, bytes.Length);
        }
    }

    private static SseFrameKind KindOf(string frame) => new SseFrame(Encoding.UTF8.GetBytes(frame)).Kind;
}
