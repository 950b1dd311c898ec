using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>The rows of the status table (xAI contract, sections 1.4 and 10.3).</summary>
public sealed class FaultTests : SimulatorTest
{
    private const string Team = "00000000-0000-4000-8000-000000000000";

    private const string NoCredit = $"Your team {Team} has either used all available credits or reached its monthly spending limit. "
        + "To continue making API requests, please purchase more credits or raise your spending limit.";

    private const string AtCapacity = """{"code":"Some resource has been exhausted","error":"The service is temporarily at capacity. Please retry your request shortly."}""";

    public static TheoryData<string> Names => [.. Fault.All.Select(fault => fault.Name)];

    public static TheoryData<string, int, string> Bodies => new()
    {
        { "wrong-key", 400, """{"code":"invalid-argument","error":"Incorrect API key provided. You can obtain an API key from https://console.x.ai."}""" },
        { "no-credentials", 401, """{"code":"unauthenticated:no-credentials","error":"No credentials presented."}""" },
        { "unsupported-argument", 400, """{"code":"400","error":"Argument not supported: metadata"}""" },
        { "effort-not-supported", 400, """{"code":"invalid-argument","error":"Model grok-4.20-0309-reasoning does not support parameter reasoningEffort."}""" },
        { "multi-agent-tool", 400, """{"code":"invalid-argument","error":"Client-side tools for multi-agent models require beta access"}""" },
        { "moderated", 400, """{"code":"imagine:content-moderated","error":"Generated image rejected by content moderation.","usage":{"cost_in_usd_ticks":500000000}}""" },
        { "credits", 403, $$"""{"code":"permission-denied","error":"{{NoCredit}}"}""" },
        { "credits-429", 429, $$"""{"code":"Some resource has been exhausted","error":"{{NoCredit}}"}""" },
        { "model-not-found", 400, """{"code":"invalid-argument","error":"Model not found: grok-nope"}""" },
        { "rate", 429, $$"""{"code":"resource-exhausted","error":"Too many requests for team {{Team}} and model grok-4.3. Requests per Second (actual/limit): 31/30"}""" },
        { "capacity", 429, AtCapacity },
        { "capacity-422", 422, AtCapacity },
        { "capacity-500", 500, AtCapacity },
        {
            "model-capacity", 503, """{"code":"The service is currently unavailable","error":"Service temporarily unavailable. """ +
            """The model is at capacity and currently cannot serve this request. Please try again later."}"""
        },
        { "grammar", 503, """{"code":"The service is currently unavailable","error":"Service temporarily unavailable. Grammar is too complex."}""" },
        { "pending", 202, """{"status":"pending","progress":1}""" },
        { "bad-gateway", 502, "error code: 502" },
        { "edge-520", 520, "error code: 520" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Fault_IsAnsweredWithItsStatusTypeAndBody(string name)
    {
        var fault = Fault.All.Single(fault => fault.Name == name);

        using var response = await PostAsync(AskStreamed($"[[sim:fault={name}]]"));

        ((int)response.StatusCode).Should().Be(fault.Status);
        (await response.Content.ReadAsStringAsync(Bound)).Contains(fault.Text, StringComparison.Ordinal).Should().BeTrue();
        response.Content.Headers.ContentType?.MediaType.Should().Be(fault.Text.Length == 0 ? null : fault.ContentType);
        response.Headers.Contains("X-Request-Id").Should().BeFalse("errors carry no trace headers");
        (await RecordedAsync()).Billed.Should().Be(fault.Cost);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Fault_HasTheContractsWords(string name, int status, string body)
    {
        using var response = await PostAsync(Ask($"[[sim:fault={name}]]"));

        (await response.Content.ReadAsStringAsync(Bound)).Should().Be(body);
        ((int)response.StatusCode).Should().Be(status);
    }

    [Theory]
    [InlineData("wrong-key", "Client specified an invalid argument", "Incorrect API key provided. You can obtain an API key from https://console.x.ai.")]
    [InlineData("no-credentials", "The request does not have valid authentication credentials", "No credentials presented. [WKE=unauthenticated:no-credentials]")]
    [InlineData("credits", "The caller does not have permission to execute the specified operation", NoCredit)]
    [InlineData("moderated", "Client specified an invalid argument", "Generated image rejected by content moderation.")]
    public async Task Fault_InTheOldFamily_HasASentenceForItsCode(string name, string code, string text)
    {
        var error = await JsonOfAsync(Ask($"[[sim:fault={name};errors=sentences]]"));

        error.GetProperty("code").GetString().Should().Be(code);
        error.GetProperty("error").GetString().Should().Be(text);
    }

    [Theory]
    [InlineData(429, "resource-exhausted")]
    [InlineData(503, "The service is currently unavailable")]
    [InlineData(500, "Some resource has been exhausted")]
    [InlineData(504, "error code: 504")]
    public async Task Status_Alone_HasItsUsualBody(int status, string part)
    {
        using var response = await PostAsync(Ask($"[[sim:status={status}]]"));

        ((int)response.StatusCode).Should().Be(status);
        (await response.Content.ReadAsStringAsync(Bound)).Should().Contain(part);
    }

    [Fact]
    public async Task Status_OfSuccessAlone_HasNoBody()
    {
        using var response = await PostAsync(Ask("[[sim:status=200]]"));

        ((int)response.StatusCode).Should().Be(200);
        (await response.Content.ReadAsByteArrayAsync(Bound)).Should().BeEmpty();
    }

    [Fact]
    public async Task Body_IsSentAsItIs()
    {
        Simulator.Enqueue(new Behaviour { Status = 418, Body = "no; really ]]"u8.ToArray(), ContentType = "text/x-odd", RetryAfter = 7 });

        using var response = await PostAsync(Ask("x"));

        ((int)response.StatusCode).Should().Be(418);
        response.Content.Headers.ContentType!.ToString().Should().Be("text/x-odd");
        response.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(7));
        (await response.Content.ReadAsStringAsync(Bound)).Should().Be("no; really ]]");
    }

    [Fact]
    public async Task Body_OfARecordedAnswer_IsReplayedAndBillsWhatItReports()
    {
        var recorded = """{"id":"a","usage":{"x":1,"cost_in_usd_ticks":5143500}}"""u8.ToArray();
        Simulator.Enqueue(new Behaviour { Body = recorded });

        using var response = await PostAsync(Ask("x"));

        (await response.Content.ReadAsByteArrayAsync(Bound)).Should().Equal(recorded);
        response.Headers.Contains("X-Request-Id").Should().BeTrue();
        (await RecordedAsync()).Billed.Should().Be(new UsdTicks(5_143_500));
    }

    [Fact]
    public async Task Body_OfARecordedStream_IsReplayedToTheByte_AndCutByFrames()
    {
        var recorded = "event: a\ndata: {}\n\n: comment\n\nevent: b\r\ndata: {\"cost_in_usd_ticks\": 77}\r\n\r\ndata: tail"u8.ToArray();
        var behaviour = new Behaviour { Body = recorded, ContentType = "text/event-stream" };
        Simulator.Enqueue(behaviour);
        Simulator.Enqueue(behaviour with { Cut = BreakPoint.Stream, After = 2 });

        using var whole = await PostAsync(AskStreamed("x"));
        using var cut = await PostAsync(AskStreamed("x"));

        (await whole.Content.ReadAsByteArrayAsync(Bound)).Should().Equal(recorded);
        whole.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        (await ReadToBreakAsync(cut)).Should().Be(("event: a\ndata: {}\n\n: comment\n\n", true));
        Simulator.Requests[0].Billed.Should().Be(new UsdTicks(77));
    }
}

/// <summary>A simulator that was started with the old family.</summary>
public sealed class OldFamilyTests : SimulatorTest
{
    protected override SimulatorOptions Options => new() { Errors = ErrorFamily.Sentences };

    [Fact]
    public async Task Errors_AreInTheOldFamily_UnlessARequestWantsTheNewOne()
    {
        (await TextOfAsync(Ask("[[sim:fault=rate]]"))).Should().StartWith("""{"code":"Some resource has been exhausted",""");
        (await TextOfAsync(Ask("[[sim:fault=rate;errors=slugs]]"))).Should().StartWith("""{"code":"resource-exhausted",""");
    }
}
