namespace LlmTr.Client.Tests.Npm;

/// <summary>A language model of Vercel's AI SDK, by <c>npm/ai-sdk.mjs</c>.</summary>
public abstract class LanguageModelTests(NpmClient client, string api)
{
    [NpmTheory]
    [InlineData("text", 1)]
    [InlineData("image", 1)]
    [InlineData("stream", 1)]
    [InlineData("tools", 2)]
    [InlineData("tools streamed", 2)]
    [InlineData("structured", 1)]
    [InlineData("stream left", 1)]
    [InlineData("errors", 0)]
    [InlineData("timeout", 1)]
    public async Task Scenario_Works_AndEveryAnswerIsChargedOnce(string scenario, int charges) =>
        await (await client.RunAsync($"{api} {scenario}")).ChargesShouldBeAsync(charges);

    [NpmFact]
    public async Task StreamThatIsCut_IsAnErrorOfTheClients_AndChargedAsAnEstimate()
    {
        var scenario = await client.RunAsync($"{api} stream cut");

        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"));
    }

    [NpmFact]
    public async Task RefusedBeforeItWasSent_IsRepeated_AndChargedOnce()
    {
        var scenario = await client.RunAsync($"{api} retry of what was not sent", static scenario => scenario.LeaveNoPlaceForTheFirstCall());

        scenario.Statuses.Should().Equal(503, 200);
        await scenario.ChargesShouldBeAsync(1);
    }

    [NpmFact]
    public async Task SentAndNotAnswered_IsRepeated_AndNotCharged()
    {
        var scenario = await client.RunAsync($"{api} no answer came");

        scenario.Statuses.Should().Equal(502, 502);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("unreconciled", null), ("hold_placed", null), ("unreconciled", null));
        await scenario.ChargesShouldBeAsync(0);
    }

    [NpmFact]
    public async Task SentAndHalfAnswered_IsRepeated_AndChargedTwice()
    {
        var scenario = await client.RunAsync($"{api} half an answer came");

        scenario.Statuses.Should().Equal(502, 502);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"), ("hold_placed", null), ("hold_settled", "estimate"));
    }

    [NpmFact]
    public async Task SentAndHalfAnswered_RepeatedWithAnIdempotencyKey_IsChargedOnce()
    {
        var scenario = await client.RunAsync($"{api} half an answer came, repeated with a key");

        scenario.Statuses.Should().Equal(502, 409);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"));
    }
}
