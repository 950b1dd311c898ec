using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Streaming;

namespace LlmTr.Xai.Tests.Responses;

public class FailureRewriteTests
{
    private const string Id = "12345678-0000-4000-8000-000000000000";
    private static readonly JsonEncodedText s_publicId = JsonEncodedText.Encode("xai/grok-4.3");

    [Theory]
    [InlineData("""{"model":"grok-4.3","error":{"code":"server_error","message":"It failed."},"n":1.50}""", """{"model":"xai/grok-4.3","error":{"code":"server_error","message":"It failed."},"n":1.50}""")]
    [InlineData($$$"""{"error":{"message":"Team {{{Id}}}"} , "user":"{{{Id}}}"}""", $$$"""{"error":{"message":"Team [id]"} , "user":"{{{Id}}}"}""")]
    [InlineData($$$"""{"error":"Team {{{Id}}}"}""", """{"error":"Team [id]"}""")]
    [InlineData($$$"""{"error":{"details":[{"team":"{{{Id}}}"},1,null,[]],"empty":{}},"user":"{{{Id}}}"}""", $$$"""{"error":{"details":[{"team":"[id]"},1,null,[]],"empty":{}},"user":"{{{Id}}}"}""")]
    [InlineData($$$"""{"error":{"message":"a"},"error":{"message":"{{{Id}}}"},"error":{"message":"{{{Id}}} b"}}""", """{"error":{"message":"a"},"error":{"message":"[id]"},"error":{"message":"[id] b"}}""")]
    [InlineData("""{"error":{"message":"key xai-0123456789abc, \u0022quoted\u0022 \u00fc"}}""", """{"error":{"message":"key [key], \"quoted\" ü"}}""")]
    [InlineData("""{"error":{"message":"12345678\u002d0000-4000-8000-000000000000"}}""", """{"error":{"message":"[id]"}}""")]
    [InlineData("""{"error":{"message":"<html><body>an edge</body>"}}""", """{"error":{"message":""}}""")]
    [InlineData("""{"error":{"message":"half \ud800 a pair"}}""", """{"error":{"message":""}}""")]
    [InlineData($$$"""{"type":"response.failed","message":"{{{Id}}}","response":{"model":"grok-4.3","code":"{{{Id}}}","instructions":"{{{Id}}}"}}""", $$$"""{"type":"response.failed","message":"[id]","response":{"model":"xai/grok-4.3","code":"[id]","instructions":"{{{Id}}}"}}""")]
    public void Texts_OfAnError_LoseIdsAndKeys_AndNothingElseChanges(string json, string expected)
    {
        Body(json).Should().Be(expected);
        Frame($"event: response.failed\ndata: {json}\n\n").Should().Be($"event: response.failed\ndata: {expected}\n\n");
    }

    [Fact]
    public void Frame_WithItsDataInSeveralLines_StaysInThem() =>
        Frame($"id: 7\r\ndata: {{\"response\":{{\"model\":\"grok-4.3\",\r\ndata: \"error\":{{\r\ndata:\"message\":\"{Id}\"}}}}}}\r\n: end\r\n\r\n")
            .Should().Be("id: 7\r\ndata: {\"response\":{\"model\":\"xai/grok-4.3\",\r\ndata: \"error\":{\r\ndata:\"message\":\"[id]\"}}}\r\n: end\r\n\r\n");

    private static string Body(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        FailureRewrite.WriteBody(Encoding.UTF8.GetBytes(json), s_publicId, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Frame(string frame)
    {
        var output = new ArrayBufferWriter<byte>();
        FailureRewrite.WriteFrame(new SseFrame(Encoding.UTF8.GetBytes(frame)), s_publicId, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
