using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Tests.Streaming;

namespace LlmTr.Xai.Tests.Responses;

public class ModelRewriteTests
{
    private static readonly JsonEncodedText s_publicId = JsonEncodedText.Encode("xai/grok-4.3");

    [Fact]
    public void Body_WithAModel_DiffersInNothingElse()
    {
        var json = SampleStream.Response("completed", "[]", SampleStream.Usage);
        Body(json, out var isRewritten).Should().Be(SampleStream.Response("completed", "[]", SampleStream.Usage, "xai/grok-4.3"));
        isRewritten.Should().BeTrue();
    }

    [Theory]
    [InlineData("""{"output":[{"model":"grok-4.3"}]}""")]
    [InlineData("""{"model":null}""")]
    [InlineData("{}")]
    public void Body_WithoutAModel_StaysAsItIs(string json)
    {
        Body(json, out var isRewritten).Should().Be(json);
        isRewritten.Should().BeFalse();
    }

    [Fact]
    public void Body_WithAnEmptyOrEscapedModel_GetsThePublicId()
    {
        Body("""{"model":""}""", out _).Should().Be("""{"model":"xai/grok-4.3"}""");
        Body("""{"model" : "gr\u006fk\"" ,"a":"ü"}""", out _).Should().Be("""{"model" : "xai/grok-4.3" ,"a":"ü"}""");
    }

    [Fact]
    public void PublicId_ThatNeedsEscapes_StaysJson()
    {
        var output = new ArrayBufferWriter<byte>();
        var json = """{"model":"a"}"""u8;
        ResponseReading.TryReadBody(json, out var reading).Should().BeTrue();
        ModelRewrite.WriteBody(json, reading, JsonEncodedText.Encode("a\"b"), output);

        using var document = JsonDocument.Parse(output.WrittenMemory);
        document.RootElement.GetProperty("model").GetString().Should().Be("a\"b");
    }

    [Fact]
    public void Stream_EveryFrameInEveryLineEndAndPieces_DiffersOnlyInTheModel()
    {
        foreach (var lineEnd in (string[])["\n", "\r\n", "\r"])
        {
            foreach (var frame in SampleStream.Frames(lineEnd))
            {
                var expected = frame.Replace("\"model\":\"grok-4.3\"", "\"model\":\"xai/grok-4.3\"", StringComparison.Ordinal);
                var bytes = Encoding.UTF8.GetBytes(frame);

                Frame(new ReadOnlySequence<byte>(bytes), out var isRewritten).Should().Be(expected);
                isRewritten.Should().Be(frame != expected);
                Frame(Pieces.Chop(bytes, 7), out _).Should().Be(expected);
            }
        }
    }

    [Fact]
    public void Frame_WithDataInSeveralLines_IsRewrittenInPlace()
    {
        const string frame = ": c\r\ndata: {\"type\":\"response.created\",\r\ndata: \"response\":{\"model\":\r\nevent: response.created\r\ndata:\"grok-4.3\"\r\ndata: }}\r\n\r\n";
        Frame(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(frame)), out var isRewritten).Should().Be(frame.Replace("grok-4.3", "xai/grok-4.3", StringComparison.Ordinal));
        isRewritten.Should().BeTrue();
    }

    [Theory]
    [InlineData(": keep-alive\n\n")]
    [InlineData("data: [DONE]\n\n")]
    [InlineData("event: response.created\ndata: {\"response\":{\"model\":\"grok-4.3\"\n\n")]
    [InlineData("event: response.output_text.delta\ndata: {\"delta\":\"x\",\"model\":\"grok-4.3\"}\n\n")]
    [InlineData("data: {\"response\":\ndata: {\"model\":\"unterminated\ndata: string\"}}\n\n")]
    public void Frame_WithoutAReadableModel_StaysAsItIs(string frame)
    {
        Frame(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(frame)), out var isRewritten).Should().Be(frame);
        isRewritten.Should().BeFalse();
    }

    [Fact]
    public void Reading_OfOtherBytes_IsRefused()
    {
        ResponseReading.TryReadBody("""{"a":"0123456789","model":"grok"}"""u8, out var reading).Should().BeTrue();
        var tooShort = () => ModelRewrite.WriteBody("""{"model":"grok"}"""u8, reading, s_publicId, new ArrayBufferWriter<byte>());
        var noString = () => ModelRewrite.WriteBody("""{"a":"0123456789","mode":"grok"   }"""u8, reading, s_publicId, new ArrayBufferWriter<byte>());
        tooShort.Should().Throw<ArgumentException>();
        noString.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Rewrite_AfterWarmUp_AllocatesNothing()
    {
        var whole = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(SampleStream.Frames()[^1]));
        var chopped = Pieces.Chop(Encoding.UTF8.GetBytes(SampleStream.Frames()[0]), 50);
        var output = new ArrayBufferWriter<byte>(64 * 1024);

        Allocation.OfHundredRuns(() =>
        {
            output.ResetWrittenCount();
            ModelRewrite.WriteFrame(whole, s_publicId, output);
            ModelRewrite.WriteFrame(chopped, s_publicId, output);
        }).Should().Be(0);
    }

    private static string Body(string json, out bool isRewritten)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var output = new ArrayBufferWriter<byte>();
        ResponseReading.TryReadBody(bytes, out var reading).Should().BeTrue();
        isRewritten = ModelRewrite.WriteBody(bytes, reading, s_publicId, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Frame(ReadOnlySequence<byte> frame, out bool isRewritten)
    {
        var output = new ArrayBufferWriter<byte>();
        isRewritten = ModelRewrite.WriteFrame(frame, s_publicId, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
