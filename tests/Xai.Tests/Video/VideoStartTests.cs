using System.Text;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Video;

namespace LlmTr.Xai.Tests.Video;

public sealed class VideoStartTests
{
    [Theory]
    [InlineData(200, """{"request_id":"c0ffee00-1111-4222-8333-444455556666"}""", VideoStartKind.Accepted)]
    [InlineData(202, """{"request_id":"abc_1"}""", VideoStartKind.Accepted)]
    [InlineData(200, "", VideoStartKind.Unknown)]
    [InlineData(200, "{}", VideoStartKind.Unknown)]
    [InlineData(200, """{"request_id":""}""", VideoStartKind.Unknown)]
    [InlineData(200, """{"request_id":"../keys"}""", VideoStartKind.Unknown)]
    [InlineData(200, """{"request_id":17}""", VideoStartKind.Unknown)]
    [InlineData(200, """{"request_id":"a"} x""", VideoStartKind.Unknown)]
    [InlineData(200, "<html></html>", VideoStartKind.Unknown)]
    [InlineData(400, """{"code":"invalid-argument","error":"Duration must be between 1 and 15 seconds"}""", VideoStartKind.Refused)]
    [InlineData(403, """{"code":"permission-denied","error":"no"}""", VideoStartKind.Refused)]
    [InlineData(429, """{"code":"resource-exhausted","error":"Too many requests"}""", VideoStartKind.Refused)]
    [InlineData(503, """{"code":"The service is currently unavailable","error":"x"}""", VideoStartKind.Refused)]
    [InlineData(502, "<html></html>", VideoStartKind.Unknown)]
    [InlineData(520, "error code: 520", VideoStartKind.Unknown)]
    [InlineData(302, "", VideoStartKind.Unknown)]
    public void Answer_ToTheStart_IsReadAs(int status, string body, VideoStartKind kind) =>
        VideoStart.Read(status, null, Encoding.UTF8.GetBytes(body), isWhole: true).Kind.Should().Be(kind);

    [Theory]
    [InlineData(200, """{"request_id":"abc"}""")]
    [InlineData(400, """{"code":"invalid-argument","error":"x"}""")]
    public void Answer_ThatBrokeOff_IsUnknown(int status, string body) =>
        VideoStart.Read(status, null, Encoding.UTF8.GetBytes(body), isWhole: false).Kind.Should().Be(VideoStartKind.Unknown);

    [Fact]
    public void Refusal_ThatXaiGave_IsKept() =>
        VideoStart.Read(400, null, """{"code":"invalid-argument","error":"Duration must be between 1 and 15 seconds"}"""u8, isWhole: true)
            .Refusal.Should().BeEquivalentTo(new { Kind = RefusalKind.CallerArgument, Message = "Duration must be between 1 and 15 seconds" });

    [Fact]
    public void Body_OfTextToVideo_IsTheOrderAndNothingElse() =>
        Body(new VideoOrder { UpstreamModel = "grok-imagine-video", Prompt = "a \"çay\"", DurationSeconds = 5, AspectRatio = "16:9", Resolution = "480p" })
            .Should().Be("""{"model":"grok-imagine-video","prompt":"a \"çay\"","duration":5,"aspect_ratio":"16:9","resolution":"480p"}""");

    [Fact]
    public void Body_WithAnImageByUrl_CarriesTheUrl() =>
        Body(new VideoOrder { UpstreamModel = "m", DurationSeconds = 1, Resolution = "720p", ImageUrl = "https://a.example/b.png" })
            .Should().Be("""{"model":"m","duration":1,"resolution":"720p","image":{"url":"https://a.example/b.png"}}""");

    [Fact]
    public void Body_WithAnImageFromTheMediaStore_CarriesItsText() =>
        Body(new VideoOrder { UpstreamModel = "m", DurationSeconds = 1, Resolution = "720p", ImageName = "x" }, "data:image/png;base64,QUJD")
            .Should().Be("""{"model":"m","duration":1,"resolution":"720p","image":{"url":"data:image/png;base64,QUJD"}}""");

    private static string Body(VideoOrder order, string image = "") =>
        Encoding.UTF8.GetString(VideoStartBody.Write(order, Encoding.UTF8.GetBytes(image)).Span);
}
