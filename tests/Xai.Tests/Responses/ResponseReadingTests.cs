using System.Text;
using LlmTr.Money;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Streaming;
using LlmTr.Xai.Tests.Streaming;

namespace LlmTr.Xai.Tests.Responses;

public class ResponseReadingTests
{
    [Fact]
    public void Body_Completed_GivesModelStatusUsageAndCost()
    {
        var json = SampleStream.Response("completed", "[]", SampleStream.Usage);
        var reading = Body(json);

        TextAt(json, reading.Model).Should().Be("\"grok-4.3\"");
        reading.Status.Should().Be(ResponseStatus.Completed);
        reading.IncompleteReason.Should().Be(IncompleteReason.None);
        reading.IsErrorEnvelope.Should().BeFalse();
        reading.Usage.IsPresent.Should().BeTrue();
        reading.Usage.InputTokens.Should().Be(205);
        reading.Usage.CachedTokens.Should().Be(128);
        reading.Usage.OutputTokens.Should().Be(40);
        reading.Usage.ReasoningTokens.Should().Be(31);
        reading.Usage.ServerSideToolsUsed.Should().Be(0);
        reading.Usage.Cost.Should().Be(ReportedCost.Of(new UsdTicks(SampleStream.CostTicks)));
    }

    [Fact]
    public void Event_OfASnapshot_HasAModelAndNoUsage()
    {
        var data = SampleStream.Events[0].Data;
        ResponseReading.TryReadEvent(Encoding.UTF8.GetBytes(data), out var reading).Should().BeTrue();

        TextAt(data, reading.Model).Should().Be("\"grok-4.3\"");
        reading.Status.Should().Be(ResponseStatus.InProgress);
        reading.Usage.IsPresent.Should().BeFalse();
        reading.Usage.Cost.Kind.Should().Be(ReportedCostKind.Missing);
    }

    [Fact]
    public void Event_Completed_GivesTheCost()
    {
        ResponseReading.TryReadEvent(Encoding.UTF8.GetBytes(SampleStream.Events[^1].Data), out var reading).Should().BeTrue();
        reading.Usage.Cost.TryGetAmount(out var cost).Should().BeTrue();
        cost.Should().Be(new UsdTicks(SampleStream.CostTicks));
    }

    [Theory]
    [InlineData("\"completed\"", ResponseStatus.Completed)]
    [InlineData("\"in_progress\"", ResponseStatus.InProgress)]
    [InlineData("\"incomplete\"", ResponseStatus.Incomplete)]
    [InlineData("\"failed\"", ResponseStatus.Failed)]
    [InlineData("\"compl\\u0065ted\"", ResponseStatus.Completed)]
    [InlineData("\"Completed\"", ResponseStatus.Other)]
    [InlineData("\"\\ud800\"", ResponseStatus.Other)]
    [InlineData("null", ResponseStatus.Missing)]
    [InlineData("{\"status\":\"completed\"}", ResponseStatus.Missing)]
    public void Status_OfAnyForm_IsKnown(string status, ResponseStatus expected) => Body($$"""{"status":{{status}}}""").Status.Should().Be(expected);

    [Theory]
    [InlineData("{\"reason\":\"max_output_tokens\"}", IncompleteReason.MaxOutputTokens)]
    [InlineData("{\"x\":[1],\"reason\":\"max_prompt_tokens\"}", IncompleteReason.MaxPromptTokens)]
    [InlineData("{\"reason\":\"max_time_limit\"}", IncompleteReason.MaxTimeLimit)]
    [InlineData("{\"reason\":\"content_filter\"}", IncompleteReason.ContentFilter)]
    [InlineData("{\"reason\":\"of_tomorrow\"}", IncompleteReason.Other)]
    [InlineData("{\"reason\":null}", IncompleteReason.None)]
    [InlineData("{}", IncompleteReason.None)]
    [InlineData("null", IncompleteReason.None)]
    [InlineData("\"max_output_tokens\"", IncompleteReason.None)]
    public void IncompleteReason_OfAnyForm_IsKnown(string details, IncompleteReason expected) =>
        Body($$"""{"incomplete_details":{{details}},"status":"incomplete"}""").Should().Match<ResponseReading>(r => r.IncompleteReason == expected && r.Status == ResponseStatus.Incomplete);

    [Theory]
    [InlineData("""{"code":"invalid-argument","error":"Argument not supported: metadata"}""", true)]
    [InlineData("""{"error":"speed must be between 0.7 and 1.5"}""", true)]
    [InlineData("""{"error":{"message":"m","type":"t","param":null,"code":null}}""", true)]
    [InlineData("""{"code":"imagine:content-moderated","error":"x","usage":{"cost_in_usd_ticks":1}}""", true)]
    [InlineData("""{"object":"response","status":"failed","error":{"code":"server_error","message":"m"}}""", false)]
    [InlineData("""{"object":"response","error":null}""", false)]
    [InlineData("""{"error":null}""", false)]
    [InlineData("""{"data":[{"error":"x"}]}""", false)]
    public void ErrorEnvelope_IsToldFromAResponse(string json, bool isError) => Body(json).IsErrorEnvelope.Should().Be(isError);

    [Fact]
    public void Model_Nested_DoesNotCount()
    {
        const string json = """{"tools":[{"model":"a"}],"metadata":{"model":"b","x":{"model":"c"}},"output":[{"model":"d"}],"model":"right","text":{"format":{"schema":{"model":"e"}}}}""";
        TextAt(json, Body(json).Model).Should().Be("\"right\"");
        Body("""{"metadata":{"model":"b"}}""").Model.IsPresent.Should().BeFalse();
    }

    [Fact]
    public void Event_ModelBesideTheResponse_DoesNotCount()
    {
        const string data = """{"model":"outer","item":{"response":{"model":"deep"}},"response":{"model":"right"},"usage":{"cost_in_usd_ticks":1}}""";
        ResponseReading.TryReadEvent(Encoding.UTF8.GetBytes(data), out var reading).Should().BeTrue();
        TextAt(data, reading.Model).Should().Be("\"right\"");
        reading.Usage.IsPresent.Should().BeFalse();
    }

    [Fact]
    public void Member_ThatComesTwice_CountsTheLastTime()
    {
        const string json = """{"model":"first","usage":{"cost_in_usd_ticks":1,"cost_in_usd_ticks":2,"input_tokens":9},"status":"failed","model":"last","usage":{"cost_in_usd_ticks":3},"status":"completed"}""";
        var reading = Body(json);
        TextAt(json, reading.Model).Should().Be("\"last\"");
        reading.Usage.Cost.Should().Be(ReportedCost.Of(new UsdTicks(3)));
        reading.Usage.InputTokens.Should().BeNull();
        reading.Status.Should().Be(ResponseStatus.Completed);
    }

    [Fact]
    public void Event_ResponseThatComesTwice_CountsTheLastTime()
    {
        const string data = """{"response":{"model":"first","usage":{"cost_in_usd_ticks":1}},"response":{"model":"last"}}""";
        ResponseReading.TryReadEvent(Encoding.UTF8.GetBytes(data), out var reading).Should().BeTrue();
        TextAt(data, reading.Model).Should().Be("\"last\"");
        reading.Usage.IsPresent.Should().BeFalse();
    }

    [Theory]
    [InlineData("\"gr\\u006fk\"", true)]
    [InlineData("\"\"", true)]
    [InlineData("null", false)]
    [InlineData("{\"model\":\"x\"}", false)]
    public void Model_OfAnyForm_HasAPlaceOnlyAsAString(string value, bool isPresent)
    {
        var json = $$"""{ "model" : {{value}} , "a":1}""";
        var model = Body(json).Model;
        model.IsPresent.Should().Be(isPresent);
        if (isPresent)
            TextAt(json, model).Should().Be(value);
    }

    [Fact]
    public void Name_WrittenWithEscapes_IsTheSameName() =>
        Body("""{"us\u0061ge":{"cost\u005fin_usd_ticks":7},"\ud800":1}""").Usage.Cost.Should().Be(ReportedCost.Of(new UsdTicks(7)));

    [Fact]
    public void Body_NestedVeryDeep_StillGivesItsCost()
    {
        var deep = new string('[', 10_000) + new string(']', 10_000);
        Body($$"""{"tools":{{deep}},"usage":{"cost_in_usd_ticks":5} }""").Usage.Cost.Should().Be(ReportedCost.Of(new UsdTicks(5)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"model\"")]
    [InlineData("12")]
    [InlineData("{")]
    [InlineData("{\"model\"")]
    [InlineData("{\"model\":\"x\"")]
    [InlineData("{\"model\":\"x\",}")]
    [InlineData("{\"model\":\"x\"}}")]
    [InlineData("{\"model\":\"x\"}{}")]
    [InlineData("{'model':'x'}")]
    [InlineData("<html></html>")]
    public void Body_ThatIsNotOneWholeObject_IsNotRead(string text)
    {
        ResponseReading.TryReadBody(Encoding.UTF8.GetBytes(text), out var reading).Should().BeFalse();
        reading.Should().Be(default(ResponseReading));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"response\":null}")]
    [InlineData("{\"response\":\"x\"}")]
    [InlineData("{\"response\":{\"model\":\"x\"}")]
    [InlineData("{\"response\":{\"model\":\"x\"},\"response\":null}")]
    [InlineData("[{\"response\":{}}]")]
    [InlineData("[DONE]")]
    [InlineData("")]
    public void Event_WithoutAWholeResponse_IsNotRead(string text)
    {
        ResponseReading.TryReadEvent(Encoding.UTF8.GetBytes(text), out var reading).Should().BeFalse();
        reading.Should().Be(default(ResponseReading));
    }

    [Fact]
    public void Body_CutAtEveryByte_IsNotRead()
    {
        var bytes = Encoding.UTF8.GetBytes(SampleStream.Response("completed", "[]", SampleStream.Usage));
        for (var length = 0; length < bytes.Length; length++)
            ResponseReading.TryReadBody(bytes.AsSpan(0, length), out _).Should().BeFalse();
    }

    [Fact]
    public void Body_WithOneByteChangedAtRandom_IsReadOrNotButNeverThrows()
    {
        var random = new Random(7);
        var bytes = Encoding.UTF8.GetBytes(SampleStream.Events[^1].Data);
        var readable = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var copy = bytes.ToArray();
            copy[random.Next(copy.Length)] = (byte)random.Next(256);
            ResponseReading.TryReadBody(copy, out _);
            if (!ResponseReading.TryReadEvent(copy, out var reading))
                continue;
            readable++;
            reading.Model.End.Should().BeLessThanOrEqualTo(copy.Length);
        }

        readable.Should().BePositive();
    }

    [Fact]
    public void Frame_WithDataInSeveralLines_IsRead()
    {
        var frame = new SseFrame("event: response.completed\ndata: {\"response\":{\"model\":\ndata: \"grok-4.3\",\"usage\":{\"cost_in_usd_ticks\":\ndata: 12}}}\n\n"u8);
        ResponseReading.TryReadFrame(frame, out var reading).Should().BeTrue();
        reading.Usage.Cost.Should().Be(ReportedCost.Of(new UsdTicks(12)));
    }

    [Fact]
    public void Reading_AfterWarmUp_AllocatesNothing()
    {
        var body = Encoding.UTF8.GetBytes(SampleStream.Response("completed", "[]", SampleStream.Usage));
        var data = Encoding.UTF8.GetBytes(SampleStream.Events[^1].Data);

        Allocation.OfHundredRuns(() =>
        {
            ResponseReading.TryReadBody(body, out _);
            ResponseReading.TryReadEvent(data, out _);
        }).Should().Be(0);
    }

    internal static ResponseReading Body(string json)
    {
        ResponseReading.TryReadBody(Encoding.UTF8.GetBytes(json), out var reading).Should().BeTrue();
        return reading;
    }

    private static string TextAt(string json, JsonSpan span) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(json).AsSpan(span.Start, span.Length));
}
