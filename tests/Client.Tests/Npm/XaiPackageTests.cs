namespace LlmTr.Client.Tests.Npm;

/// <summary>The chat completions, images and videos of <c>@ai-sdk/xai</c>, by <c>npm/xai.mjs</c>.</summary>
public sealed class XaiPackageTests(XaiPackage client) : LanguageModelTests(client, "chat"), IClassFixture<XaiPackage>
{
    private readonly XaiPackage _client = client;

    [NpmTheory]
    [InlineData("images", 1)]
    [InlineData("image edit", 1)]
    [InlineData("image error", 0)]
    [InlineData("video", 1)]
    [InlineData("video error", 0)]
    [InlineData("video that fails", 0)]
    public async Task Media_Work_AndEveryAnswerIsChargedOnce(string scenario, int charges) =>
        await (await _client.RunAsync(scenario)).ChargesShouldBeAsync(charges);
}

/// <summary>The Responses API of <c>@ai-sdk/xai</c>.</summary>
public sealed class XaiPackageResponsesTests(XaiPackage client) : LanguageModelTests(client, "responses"), IClassFixture<XaiPackage>
{
    private readonly XaiPackage _client = client;

    [NpmFact]
    public async Task SecondTurn_BringsTheEncryptedReasoningBackToXai()
    {
        var scenario = await _client.RunAsync("responses tools");

        scenario.Xai.Requests[1].BodyText.Should().Contain("\"encrypted_content\":\"");
    }
}
