namespace LlmTr.Client.Tests.Npm;

/// <summary>OpenAI's own package from npm, by <c>npm/openai.mjs</c>.</summary>
public sealed class OpenAIPackageTests(OpenAIPackage client) : IClassFixture<OpenAIPackage>
{
    [NpmTheory]
    [InlineData("chat text", 1)]
    [InlineData("chat image", 1)]
    [InlineData("chat stream", 1)]
    [InlineData("chat tools", 2)]
    [InlineData("chat tools streamed", 2)]
    [InlineData("chat structured", 1)]
    [InlineData("chat stream left", 1)]
    [InlineData("responses text", 1)]
    [InlineData("responses stream", 1)]
    [InlineData("responses tools", 2)]
    [InlineData("responses structured", 1)]
    [InlineData("responses stream left", 1)]
    [InlineData("images", 1)]
    [InlineData("image url", 1)]
    [InlineData("image edit", 1)]
    [InlineData("image edit of two", 1)]
    [InlineData("speech", 1)]
    [InlineData("transcription", 1)]
    [InlineData("transcription verbose", 1)]
    [InlineData("transcription srt", 1)]
    [InlineData("models", 0)]
    [InlineData("errors", 0)]
    [InlineData("keys of many calls", 2)]
    public async Task Scenario_Works_AndEveryAnswerIsChargedOnce(string scenario, int charges) =>
        await (await client.RunAsync(scenario)).ChargesShouldBeAsync(charges);

    [NpmFact]
    public async Task SecondTurn_BringsTheEncryptedReasoningBackToXai()
    {
        var scenario = await client.RunAsync("responses tools");

        scenario.Xai.Requests[1].BodyText.Should().Contain("\"encrypted_content\":\"");
    }

    [NpmTheory]
    [InlineData("chat stream cut")]
    [InlineData("responses stream cut")]
    public async Task StreamThatIsCut_IsAnErrorOfTheClients_AndChargedAsAnEstimate(string name)
    {
        var scenario = await client.RunAsync(name);

        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"));
    }

    [NpmFact]
    public async Task RefusedBeforeItWasSent_IsRepeated_AndChargedOnce()
    {
        var scenario = await client.RunAsync("retry of what was not sent", static scenario => scenario.LeaveNoPlaceForTheFirstCall());

        scenario.Statuses.Should().Equal(503, 200);
        await scenario.ChargesShouldBeAsync(1);
    }

    [NpmFact]
    public async Task SentAndNotAnswered_IsNotRepeated_AndNotCharged()
    {
        var scenario = await client.RunAsync("no answer came");

        scenario.Statuses.Should().Equal(502);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("unreconciled", null));
        await scenario.ChargesShouldBeAsync(0);
    }

    [NpmFact]
    public async Task SentAndHalfAnswered_IsNotRepeated_AndChargedOnce()
    {
        var scenario = await client.RunAsync("half an answer came");

        scenario.Statuses.Should().Equal(502);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"));
    }

    [NpmFact]
    public async Task TimeoutOfTheClient_IsChargedAllTheSame()
    {
        var scenario = await client.RunAsync("timeout");

        await scenario.ChargesShouldBeAsync(1);
    }

    [NpmFact]
    public async Task TimeoutOfTheClient_ThatItRepeats_IsChargedTwice()
    {
        var scenario = await client.RunAsync("timeout, repeated");

        await scenario.ChargesShouldBeAsync(2);
    }

    [NpmFact]
    public async Task TimeoutOfTheClient_ThatItRepeatsWithAnIdempotencyKey_IsChargedOnce()
    {
        var scenario = await client.RunAsync("timeout, repeated with a key");

        scenario.Statuses.Should().Equal(0, 409);
        await scenario.ChargesShouldBeAsync(1);
    }
}
