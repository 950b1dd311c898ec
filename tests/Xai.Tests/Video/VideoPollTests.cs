using System.Text;
using LlmTr.Money;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Video;

namespace LlmTr.Xai.Tests.Video;

public sealed class VideoPollTests
{
    private const string Done =
        """{"status":"done","video":{"url":"https://vidgen.x.ai/b/v.mp4","duration":5,"respect_moderation":true},"model":"grok-imagine-video","usage":{"cost_in_usd_ticks":2500000000},"progress":100}""";

    // Every answer of the xAI contract, sections 6.2 and 10.5, and what came of probing its edges.
    [Theory]
    [InlineData(202, """{"status":"pending","progress":1}""", VideoPollKind.Pending)]
    [InlineData(202, "", VideoPollKind.Pending)]
    [InlineData(202, " \r\n", VideoPollKind.Pending)]
    [InlineData(200, """{"status":"pending"}""", VideoPollKind.Pending)]
    [InlineData(200, """{"status":"rendering","progress":3}""", VideoPollKind.Pending)]
    [InlineData(200, "{}", VideoPollKind.Pending)]
    [InlineData(200, """{"video":{"url":""}}""", VideoPollKind.Pending)]
    [InlineData(200, """{"video":null}""", VideoPollKind.Pending)]
    [InlineData(200, """{"status":7,"video":{"url":"https://vidgen.x.ai/v.mp4"}}""", VideoPollKind.Done)]
    [InlineData(200, Done, VideoPollKind.Done)]
    [InlineData(202, Done, VideoPollKind.Done)]
    [InlineData(200, """{"video":{"url":"https://vidgen.x.ai/v.mp4","duration":5,"respect_moderation":true},"model":"m"}""", VideoPollKind.Done)]
    [InlineData(200, """{"status":"done","video":{"url":"","duration":5}}""", VideoPollKind.Done)]
    [InlineData(200, """{"status":"done"}""", VideoPollKind.Done)]
    [InlineData(200, """{"status":"done","video":{"url":"","duration":5,"respect_moderation":false}}""", VideoPollKind.Moderated)]
    [InlineData(200, """{"status":"done","video":{"url":"https://vidgen.x.ai/v.mp4","respect_moderation":false}}""", VideoPollKind.Moderated)]
    [InlineData(200, """{"video":{"url":"","respect_moderation":false}}""", VideoPollKind.Moderated)]
    [InlineData(200, """{"status":"failed","error":{"code":"internal_error","message":"Video generation failed."},"progress":0}""", VideoPollKind.Failed)]
    [InlineData(200, """{"status":"failed"}""", VideoPollKind.Failed)]
    [InlineData(200, """{"status":"expired"}""", VideoPollKind.Expired)]
    [InlineData(400, """{"code":"imagine:content-moderated","error":"Generated video rejected by content moderation."}""", VideoPollKind.Moderated)]
    [InlineData(400, """{"code":"Client specified an invalid argument","error":"Generated video rejected by content moderation."}""", VideoPollKind.Moderated)]
    [InlineData(400, """{"code":"invalid-argument","error":"Not ready."}""", VideoPollKind.Unknown)]
    [InlineData(404, """{"code":"not-found","error":"No such video."}""", VideoPollKind.Unknown)]
    [InlineData(404, "", VideoPollKind.Unknown)]
    [InlineData(400, """{"code":"invalid-argument","error":"Incorrect API key provided. You can obtain an API key from https://console.x.ai."}""", VideoPollKind.PlatformFault)]
    [InlineData(401, """{"code":"unauthenticated:no-credentials","error":"No credentials presented."}""", VideoPollKind.PlatformFault)]
    [InlineData(403, """{"code":"permission-denied","error":"Your team x has either used all available credits or reached its monthly spending limit."}""", VideoPollKind.PlatformFault)]
    [InlineData(429, """{"code":"Some resource has been exhausted","error":"Your team x has either used all available credits or reached its monthly spending limit."}""", VideoPollKind.PlatformFault)]
    [InlineData(429, """{"code":"resource-exhausted","error":"Too many requests"}""", VideoPollKind.NoAnswer)]
    [InlineData(408, "", VideoPollKind.NoAnswer)]
    [InlineData(500, """{"code":"internal","error":"x"}""", VideoPollKind.NoAnswer)]
    [InlineData(502, "<html><body>Bad gateway</body></html>", VideoPollKind.NoAnswer)]
    [InlineData(520, "error code: 520", VideoPollKind.NoAnswer)]
    [InlineData(503, """{"code":"The service is currently unavailable","error":"Service temporarily unavailable. The model is at capacity and currently cannot serve this request."}""", VideoPollKind.NoAnswer)]
    [InlineData(403, "<html>blocked</html>", VideoPollKind.NoAnswer)]
    [InlineData(302, "", VideoPollKind.NoAnswer)]
    [InlineData(200, "", VideoPollKind.NoAnswer)]
    [InlineData(200, "<html></html>", VideoPollKind.NoAnswer)]
    [InlineData(200, """{"status":"done","video":{"url":"https://vidg""", VideoPollKind.NoAnswer)]
    [InlineData(200, """{"status":"done"} {}""", VideoPollKind.NoAnswer)]
    public void Answer_OfXai_IsReadAs(int status, string body, VideoPollKind kind) =>
        VideoPoll.Read(status, body.StartsWith('<') ? "text/html" : "application/json", Encoding.UTF8.GetBytes(body), isWhole: true).Kind.Should().Be(kind);

    [Fact]
    public void Answer_ThatBrokeOff_SaysNothing() =>
        VideoPoll.Read(200, "application/json", Encoding.UTF8.GetBytes(Done), isWhole: false).Kind.Should().Be(VideoPollKind.NoAnswer);

    [Fact]
    public void Done_AllThatItSays_IsRead()
    {
        var poll = VideoPoll.Read(200, "application/json", Encoding.UTF8.GetBytes(Done), isWhole: true);

        poll.Should().Be(new VideoPoll
        {
            Kind = VideoPollKind.Done,
            Progress = 100,
            Url = "https://vidgen.x.ai/b/v.mp4",
            Seconds = 5,
            Cost = ReportedCost.Of(new UsdTicks(2_500_000_000)),
            Status = 200,
        });
    }

    [Theory]
    [InlineData("", ReportedCostKind.Missing)]
    [InlineData(""","usage":{}""", ReportedCostKind.Missing)]
    [InlineData(""","usage":null""", ReportedCostKind.Missing)]
    [InlineData(""","usage":{"cost_in_usd_ticks":null}""", ReportedCostKind.Null)]
    [InlineData(""","usage":{"cost_in_usd_ticks":"5"}""", ReportedCostKind.Unusable)]
    [InlineData(""","usage":{"cost_in_usd_ticks":-5}""", ReportedCostKind.Unusable)]
    [InlineData(""","usage":{"cost_in_usd_ticks":0}""", ReportedCostKind.Value)]
    public void Done_WithoutAUsableCost_SaysSo(string usage, ReportedCostKind kind) => VideoPoll
        .Read(200, "application/json", Encoding.UTF8.GetBytes($$$"""{"status":"done","video":{"url":"https://a/b"}{{{usage}}}}"""), isWhole: true)
        .Cost.Kind.Should().Be(kind);

    [Fact]
    public void Moderated_WithACostInItsError_CarriesIt()
    {
        var poll = VideoPoll.Read(
            400, "application/json",
            """{"code":"imagine:content-moderated","error":"Generated video rejected by content moderation.","usage":{"cost_in_usd_ticks":2500000000}}"""u8, isWhole: true);

        (poll.Kind, poll.Cost).Should().Be((VideoPollKind.Moderated, ReportedCost.Of(new UsdTicks(2_500_000_000))));
        poll.Message.Should().Be("Generated video rejected by content moderation.");
    }

    [Fact]
    public void Failed_WithIdsInItsText_ShowsNone() =>
        VideoPoll.Read(200, null, """{"status":"failed","error":{"code":"internal_error","message":"team c0ffee00-1111-4222-8333-444455556666 failed"}}"""u8, isWhole: true)
            .Message.Should().Be("team [id] failed");

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void Progress_OutOfRange_IsNotTold(int progress) =>
        VideoPoll.Read(202, null, Encoding.UTF8.GetBytes($$"""{"status":"pending","progress":{{progress}}}"""), isWhole: true).Progress.Should().BeNull();
}
