using System.Text;
using LlmTr.Money;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Tests.Refusals;

public class XaiRefusalTests
{
    private const string Json = "application/json";
    private const string Team = "0a1b2c3d-0000-4000-8000-00000000abcd";
    private const string CreditsText = $"Your team {Team} has either used all available credits or reached its monthly spending limit. To continue making API requests, please purchase more credits or raise your spending limit.";
    private const string NoModelText = $"The model grok-nope does not exist or your team {Team} does not have access to it. If you believe this is a mistake, please contact support and quote your team ID and the model name.";
    private const string KeyText = "Incorrect API key provided. You can obtain an API key from https://console.x.ai.";
    private const string CapacityText = "The service is temporarily at capacity. Please retry your request shortly.";
    private const string ModelCapacityText = "Service temporarily unavailable. The model is at capacity and currently cannot serve this request. Please try again later.";

    /// <summary>Every row of the xAI contract, section 1.4, in both families of codes where both were seen.</summary>
    public static TheoryData<int, string, string, RefusalKind> StatusTable => new()
    {
        { 400, Json, Flat("invalid-argument", KeyText), RefusalKind.PlatformKeyRefused },
        { 400, Json, Flat("Client specified an invalid argument", KeyText), RefusalKind.PlatformKeyRefused },
        { 401, Json, Flat("unauthenticated:no-credentials", "No credentials presented."), RefusalKind.PlatformKeyRefused },
        { 401, Json, Flat("The request does not have valid authentication credentials", "No credentials presented. [WKE=unauthenticated:no-credentials]"), RefusalKind.PlatformKeyRefused },
        { 400, "text/plain", "Failed to parse the request body as JSON: expected value at line 1 column 1", RefusalKind.CallerArgument },
        { 422, Json, Flat("invalid-argument", "Failed to deserialize the JSON body into the target type: input: invalid type"), RefusalKind.CallerArgument },
        { 422, "text/plain", "Failed to deserialize the JSON body into the target type: messages: missing field", RefusalKind.CallerArgument },
        { 400, Json, Flat("400", "Argument not supported: metadata"), RefusalKind.CallerArgument },
        { 400, Json, """{"error":"Argument not supported: size"}""", RefusalKind.CallerArgument },
        { 400, Json, Flat("Client specified an invalid argument", "Argument not supported on this model: frequencyPenalty"), RefusalKind.CallerArgument },
        { 400, Json, Flat("invalid-argument", "Model grok-4.20-0309-reasoning does not support parameter reasoningEffort."), RefusalKind.CallerArgument },
        { 400, Json, Flat("invalid-argument", "Client-side tools for multi-agent models require beta access"), RefusalKind.CallerArgument },
        { 400, Json, """{"code":"imagine:content-moderated","error":"Generated image rejected by content moderation.","usage":{"cost_in_usd_ticks":500000000}}""", RefusalKind.ContentModerated },
        { 400, Json, """{"code":"Client specified an invalid argument","error":"Generated image rejected by content moderation.","usage":{"cost_in_usd_ticks":200000000}}""", RefusalKind.ContentModerated },
        { 400, Json, Flat("imagine:content-moderated", "Generated video rejected by content moderation."), RefusalKind.ContentModerated },
        { 403, Json, Flat("permission-denied", CreditsText), RefusalKind.OutOfCredits },
        { 403, Json, Flat("The caller does not have permission to execute the specified operation", CreditsText), RefusalKind.OutOfCredits },
        { 429, Json, Flat("Some resource has been exhausted", CreditsText), RefusalKind.OutOfCredits },
        { 403, Json, Flat("permission-denied", "Something else."), RefusalKind.PlatformKeyRefused },
        { 404, Json, Flat("not-found", NoModelText), RefusalKind.ModelUnavailable },
        { 400, Json, Flat("invalid-argument", "Model not found: grok-nope"), RefusalKind.ModelUnavailable },
        { 404, Json, Flat("not-found", "Video not found"), RefusalKind.NotFound },
        { 404, "text/plain", "", RefusalKind.NotFound },
        { 405, "text/plain", "", RefusalKind.Unexpected },
        { 415, "text/plain", "", RefusalKind.Unexpected },
        { 410, Json, Flat("invalid-argument", "Live search is deprecated. Please switch to the Agent Tools API"), RefusalKind.CallerArgument },
        { 413, "text/plain", "length limit exceeded", RefusalKind.TooLarge },
        { 429, Json, Flat("resource-exhausted", $"Too many requests for team {Team} and model grok-4.20-multi-agent-0309. Requests per Second (actual/limit): 2/2"), RefusalKind.RateLimited },
        { 429, Json, Flat("Some resource has been exhausted", CapacityText), RefusalKind.AtCapacity },
        { 422, Json, Flat("Some resource has been exhausted", CapacityText), RefusalKind.AtCapacity },
        { 500, Json, Flat("Some resource has been exhausted", CapacityText), RefusalKind.AtCapacity },
        { 503, Json, Flat("The service is currently unavailable", ModelCapacityText), RefusalKind.AtCapacity },
        { 503, Json, Flat("The service is currently unavailable", "Service temporarily unavailable. The model did not respond to this request."), RefusalKind.ServerError },
        { 503, Json, Flat("The service is currently unavailable", "Service temporarily unavailable. Grammar is too complex."), RefusalKind.CallerArgument },
        { 503, Json, Flat("The service is currently unavailable", "Grammar is too complex."), RefusalKind.CallerArgument },
        { 500, Json, """{"error":"Internal error"}""", RefusalKind.ServerError },
    };

    [Theory]
    [MemberData(nameof(StatusTable))]
    public void Answer_OfTheContractsTable_IsReadableAndOfItsKind(int status, string contentType, string body, RefusalKind kind)
    {
        var refusal = Read(status, contentType, body);
        refusal.Kind.Should().Be(kind);
        refusal.IsReadable.Should().BeTrue();
        refusal.Retryable.Should().Be(kind == RefusalKind.AtCapacity);
        refusal.Message?.Should().NotContain(Team);
    }

    /// <summary>Every envelope of the xAI contract, section 1.3.</summary>
    [Theory]
    [InlineData("""{"code":"invalid-argument","error":"Bad."}""", "invalid-argument", "Bad.")]
    [InlineData("""{"error":"Bad."}""", null, "Bad.")]
    [InlineData("""{"error":{"message":"Bad.","type":"invalid_request_error","param":"x","code":"c"}}""", "c", "Bad.")]
    [InlineData("""{"error":{"message":"Bad.","type":"invalid_request_error","code":null}}""", "invalid_request_error", "Bad.")]
    [InlineData("""{"code":null,"error":"Bad."}""", null, "Bad.")]
    [InlineData("""{"code":400,"error":"Bad."}""", null, "Bad.")]
    [InlineData("Bad.", null, "Bad.")]
    [InlineData("", null, null)]
    [InlineData("""{"code":"invalid-argument","error":"Ba""", null, null)]
    [InlineData("""{"code":"invalid-argument","error":"Bad."} trailing""", null, null)]
    public void Envelope_OfAnyShape_GivesCodeAndText(string body, string? code, string? message)
    {
        var refusal = Read(400, null, body);
        refusal.Should().Be(new XaiRefusal(RefusalKind.CallerArgument, IsReadable: true, Retryable: false, ReportedCost.Missing, code, message));
    }

    [Theory]
    [InlineData(500000000)]
    [InlineData(0)]
    public void Envelope_WithUsage_GivesTheCost(long ticks) =>
        Read(400, Json, $$"""{"code":"imagine:content-moderated","error":"x","usage":{"cost_in_usd_ticks":{{ticks}}} }""").Cost.Should().Be(ReportedCost.Of(new UsdTicks(ticks)));

    [Fact]
    public void Envelope_WithUnusableCost_SaysSo() =>
        Read(400, Json, """{"error":"x","usage":{"cost_in_usd_ticks":"5"}}""").Cost.Should().Be(ReportedCost.Unusable);

    [Theory]
    [InlineData(502, "text/html", "<html><head><title>502 Bad Gateway</title></head></html>")]
    [InlineData(502, "text/plain", "error code: 502")]
    [InlineData(520, "text/plain", "error code: 520")]
    [InlineData(503, "text/plain", "upstream connect error or disconnect/reset before headers. reset reason: connection failure")]
    [InlineData(500, null, "")]
    [InlineData(500, Json, "")]
    [InlineData(504, Json, "null")]
    [InlineData(500, Json, "[]")]
    [InlineData(500, Json, """{"error":null}""")]
    [InlineData(502, Json, """{"title":"Error 502: Bad gateway","status":502,"error_code":502,"cloudflare_error":true}""")]
    [InlineData(502, Json, """{"code":502,"message":"bad gateway"}""")]
    [InlineData(503, Json, """{"code":"The service is currently unavailable","error":"The service is temporarily at capa""")]
    [InlineData(503, "text/plain", "The service is temporarily at capacity. Please retry your request shortly.")]
    [InlineData(408, "text/plain", "Request Timeout")]
    [InlineData(499, "", "")]
    [InlineData(302, "text/plain", "moved")]
    [InlineData(200, "text/html", "<html></html>")]
    [InlineData(200, Json, """{"object":"response"}""")]
    [InlineData(200, Json, "")]
    public void Answer_ThatProvesNothing_IsUnreadableAndNeverRetried(int status, string? contentType, string body)
    {
        var refusal = Read(status, contentType, body);
        refusal.Kind.Should().Be(RefusalKind.Unreadable);
        refusal.IsReadable.Should().BeFalse();
        refusal.Retryable.Should().BeFalse();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(422)]
    public void PageOfTheEdge_WithA4xx_IsARefusalThatBlamesNobody(int status)
    {
        foreach (var (contentType, body) in new[] { ("text/html; charset=UTF-8", "<!DOCTYPE html><html>Sorry</html>"), ("text/plain", $"error code: {status}") })
        {
            var refusal = Read(status, contentType, body);
            refusal.Should().Be(new XaiRefusal(RefusalKind.Unexpected, IsReadable: true, Retryable: false, ReportedCost.Missing, Code: null, Message: null));
        }
    }

    [Theory]
    [InlineData(413, RefusalKind.TooLarge)]
    [InlineData(429, RefusalKind.RateLimited)]
    public void PageOfTheEdge_AboutSizeOrRate_IsOfThatKind(int status, RefusalKind kind) =>
        Read(status, "text/html", "<html></html>").Kind.Should().Be(kind);

    [Theory]
    [InlineData(408)]
    [InlineData(499)]
    [InlineData(302)]
    public void OddStatus_WithXaisOwnJson_IsReadable(int status) =>
        Read(status, Json, Flat("x", "y")).Should().Match<XaiRefusal>(r => r.IsReadable && r.Kind == RefusalKind.Unexpected);

    [Theory]
    [InlineData("imagine:content-moderated", "x", RefusalKind.ContentModerated)]
    [InlineData("permission-denied", CreditsText, RefusalKind.OutOfCredits)]
    [InlineData("invalid-argument", KeyText, RefusalKind.PlatformKeyRefused)]
    [InlineData("unauthenticated:no-credentials", "No credentials presented.", RefusalKind.PlatformKeyRefused)]
    [InlineData("The request does not have valid authentication credentials", "x", RefusalKind.PlatformKeyRefused)]
    [InlineData("The caller does not have permission to execute the specified operation", "x", RefusalKind.PlatformKeyRefused)]
    [InlineData("resource-exhausted", "Too many requests", RefusalKind.RateLimited)]
    [InlineData("Some resource has been exhausted", "x", RefusalKind.RateLimited)]
    [InlineData("Some resource has been exhausted", CapacityText, RefusalKind.AtCapacity)]
    [InlineData("The service is currently unavailable", ModelCapacityText, RefusalKind.AtCapacity)]
    [InlineData("The service is currently unavailable", "x", RefusalKind.ServerError)]
    [InlineData("not-found", NoModelText, RefusalKind.ModelUnavailable)]
    [InlineData("not-found", "x", RefusalKind.NotFound)]
    [InlineData("invalid-argument", "x", RefusalKind.CallerArgument)]
    [InlineData("400", "x", RefusalKind.CallerArgument)]
    [InlineData("Client specified an invalid argument", "x", RefusalKind.CallerArgument)]
    [InlineData("server_error", "x", RefusalKind.ServerError)]
    public void Error_WithoutAStatusOfItsOwn_GoesByCodeAndText(string code, string text, RefusalKind kind)
    {
        var insteadOfAStream = Read(200, Json, Flat(code, text));
        insteadOfAStream.Kind.Should().Be(kind);
        insteadOfAStream.IsReadable.Should().BeTrue();
        insteadOfAStream.Retryable.Should().Be(kind == RefusalKind.AtCapacity);

        foreach (var data in new[]
                 {
                     Flat(code, text),
                     $$"""{"sequence_number":11,"type":"error","code":"{{code}}","message":"{{text}}","param":null}""",
                     $$$"""{"type":"error","error":{"code":"{{{code}}}","message":"{{{text}}}"}}""",
                     $$$"""{"type":"response.failed","response":{"object":"response","model":"grok-4.3","status":"failed","error":{"code":"{{{code}}}","message":"{{{text}}}"},"usage":null} }""",
                 })
        {
            var inAStream = Event(data);
            inAStream.Kind.Should().Be(kind, data);
            inAStream.IsReadable.Should().BeTrue();
            inAStream.Retryable.Should().BeFalse("part of an answer may have been made");
            inAStream.Code.Should().Be(code);
        }
    }

    [Fact]
    public void ErrorEvent_WithoutCode_IsAServerErrorWithItsMessage() =>
        Event("""{"sequence_number":11,"type":"error","code":null,"message":"Service temporarily unavailable. The model did not respond to this request.","param":null}""")
            .Should().Be(new XaiRefusal(RefusalKind.ServerError, IsReadable: true, Retryable: false, ReportedCost.Missing, Code: null, "Service temporarily unavailable. The model did not respond to this request."));

    [Fact]
    public void FailedEvent_WithUsage_GivesTheCost() =>
        Event("""{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"m"},"usage":{"cost_in_usd_ticks":17}}}""").Cost.Should().Be(ReportedCost.Of(new UsdTicks(17)));

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"type\":\"response.failed\",\"response\":null}")]
    [InlineData("{\"type\":\"error\"")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void ErrorEvent_ThatCannotBeRead_IsUnreadable(string data) => Event(data).Should().Match<XaiRefusal>(r => !r.IsReadable && r.Kind == RefusalKind.Unreadable);

    [Fact]
    public void UsageGuidelines_InA403_AreNotTakenForARefusedKey()
    {
        var refusal = Read(403, Json, Flat("The caller does not have permission to execute the specified operation", $"Content violates usage guidelines. Team: {Team}, API key ID: {Team}, Model: grok-4.3, Failed check: SAFETY_CHECK_TYPE_BIO"));
        refusal.Kind.Should().Be(RefusalKind.ContentModerated);
        refusal.Message.Should().Be("Content violates usage guidelines. Team: [id], API key ID: [id], Model: grok-4.3, Failed check: SAFETY_CHECK_TYPE_BIO");
    }

    [Theory]
    [InlineData(422, "Invalid schema: \"The service is temporarily at capacity. Please retry\"")]
    [InlineData(400, "Unknown field: Incorrect API key provided")]
    [InlineData(400, "Unknown value: used all available credits")]
    [InlineData(400, "Bad enum: Model not found: x")]
    [InlineData(400, "Bad value: Generated image rejected by content moderation.")]
    public void CallersWords_QuotedInAnArgumentError_DoNotPassForXais(int status, string text) =>
        Read(status, Json, Flat("invalid-argument", text.Replace("\"", "\\\"", StringComparison.Ordinal))).Should().Match<XaiRefusal>(r => r.Kind == RefusalKind.CallerArgument && !r.Retryable);

    [Fact]
    public void CapacityAnswer_ThatReportsACost_IsNotRetried() =>
        Read(503, Json, $$$"""{"code":"x","error":"{{{CapacityText}}}","usage":{"cost_in_usd_ticks":1}}""").Should().Match<XaiRefusal>(r => r.Kind == RefusalKind.AtCapacity && !r.Retryable);

    [Theory]
    [InlineData($"a {Team}, b {Team}.", "a [id], b [id].")]
    [InlineData("team 0A1B2C3D00004000800000000000ABCD", "team [id]")]
    [InlineData("key xai-AbCdEf0123456789 and xai-Ab***********yz", "key [key] and [key]")]
    [InlineData("  two\\r\\n\\tlines\\u0000 ", "two lines")]
    [InlineData("bidi \\u202Etxt", "bidi txt")]
    [InlineData("<html><body>x</body></html>", null)]
    [InlineData("text with <b>tags</b>", null)]
    [InlineData("must be < 5 and > 2", "must be < 5 and > 2")]
    [InlineData("dünya 😀", "dünya 😀")]
    [InlineData("   ", null)]
    [InlineData("", null)]
    public void Message_IsFitToBeShown(string text, string? message) => Read(400, Json, Flat("c", text)).Message.Should().Be(message);

    [Fact]
    public void Message_OfAnyLength_IsBounded()
    {
        var message = Read(400, Json, Flat("c", string.Concat(Enumerable.Repeat("a😀", 100_000)))).Message!;
        message.Length.Should().BeInRange(XaiRefusal.MaxMessageLength - 1, XaiRefusal.MaxMessageLength);
        message.Should().EndWith("…");
        message.EnumerateRunes().Should().NotContain(Rune.ReplacementChar);
        Read(400, "text/plain", new string('x', 100_000)).Message!.Length.Should().Be(XaiRefusal.MaxMessageLength);
    }

    [Fact]
    public void Text_ThatIsNoValidUnicode_DoesNotHideTheCost()
    {
        Read(400, Json, """{"error":"\ud800 x","usage":{"cost_in_usd_ticks":9}}""").Cost.Should().Be(ReportedCost.Of(new UsdTicks(9)));
        byte[] body = [.. "{\"error\":\""u8, 0xFF, .. "\",\"usage\":{\"cost_in_usd_ticks\":9}}"u8];
        XaiRefusal.Read(400, Json, body).Cost.Should().Be(ReportedCost.Of(new UsdTicks(9)));
    }

    [Fact]
    public void RandomBodies_OfEveryStatus_NeverThrow()
    {
        var random = new Random(99);
        var seed = Encoding.UTF8.GetBytes(Flat("invalid-argument", CreditsText + "\\u00e9\\ud83d"));
        for (var round = 0; round < 5_000; round++)
        {
            var body = seed.AsSpan(0, random.Next(seed.Length + 1)).ToArray();
            for (var changes = random.Next(4); changes > 0 && body.Length > 0; changes--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            var status = random.Next(100, 600);

            var refusal = XaiRefusal.Read(status, null, body);

            (refusal.Kind == RefusalKind.Unreadable).Should().Be(!refusal.IsReadable);
            XaiRefusal.ReadEvent(body).Retryable.Should().BeFalse();
        }
    }

    private static string Flat(string code, string text) => $$"""{"code":"{{code}}","error":"{{text}}"}""";

    private static XaiRefusal Read(int status, string? contentType, string body) => XaiRefusal.Read(status, contentType, Encoding.UTF8.GetBytes(body));

    private static XaiRefusal Event(string data) => XaiRefusal.ReadEvent(Encoding.UTF8.GetBytes(data));
}
