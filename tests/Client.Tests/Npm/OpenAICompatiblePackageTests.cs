namespace LlmTr.Client.Tests.Npm;

/// <summary><c>@ai-sdk/openai-compatible</c>, by <c>npm/openai-compatible.mjs</c>.</summary>
public sealed class OpenAICompatiblePackageTests(OpenAICompatiblePackage client) : LanguageModelTests(client, "chat"), IClassFixture<OpenAICompatiblePackage>
{
    private readonly OpenAICompatiblePackage _client = client;

    [NpmTheory]
    [InlineData("images", 1)]
    [InlineData("image edit", 1)]
    [InlineData("image error", 0)]
    public async Task Media_Work_AndEveryAnswerIsChargedOnce(string scenario, int charges) =>
        await (await _client.RunAsync(scenario)).ChargesShouldBeAsync(charges);
}
