using System.ClientModel;
using System.Text.Json;
using LlmTr.Client.Tests.Running;
using OpenAI.Chat;
using OpenAI.Images;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>Errors as the package from NuGet throws them.</summary>
[Collection(DotNetGateway.Name)]
public sealed class ErrorTests(ClientGateway gateway)
{
    [Fact]
    public async Task WrongKey_IsA401() =>
        await ErrorShouldBeAsync(static scenario => scenario.Open(key: "nobody").Chat().CompleteChatAsync("Hello"), 401, "auth_error");

    [Fact]
    public async Task BalanceThatIsNotEnough_IsA402() =>
        await ErrorShouldBeAsync(static scenario => scenario.Open(key: scenario.PoorKey).Chat().CompleteChatAsync("Hello"), 402, "insufficient_balance");

    [Fact]
    public async Task UnknownModel_IsA404() =>
        await ErrorShouldBeAsync(static scenario => scenario.Open().GetChatClient("gpt-5").CompleteChatAsync("Hello"), 404, "model_not_found");

    [Fact]
    public async Task ValueOutOfRange_IsA400() =>
        await ErrorShouldBeAsync(
            static scenario => scenario.Open().Chat().CompleteChatAsync([new UserChatMessage("Hello")], new ChatCompletionOptions { Temperature = 7 }), 400, "invalid_request_error");

    [Fact]
    public async Task SizeThatXaiDoesNotMake_IsA400() =>
        await ErrorShouldBeAsync(
            static scenario => scenario.Open().GetImageClient(Clients.Imagine).GenerateImageAsync("A cat", new ImageGenerationOptions { Size = GeneratedImageSize.W1792xH1024 }), 400, "invalid_request_error");

    [Fact]
    public async Task PreviousResponse_IsA400() =>
        await ErrorShouldBeAsync(static scenario => scenario.Responses().CreateResponseAsync(Clients.Text, "Hello", "resp_1"), 400, "unsupported_capability");

    [Fact]
    public async Task RateLimitOfXai_IsA429() =>
        await ErrorShouldBeAsync(static scenario => scenario.Open().Chat().CompleteChatAsync(Samples.TooMany), 429, "rate_limit_exceeded");

    [Fact]
    public async Task NoAnswerOfXai_IsA502() =>
        await ErrorShouldBeAsync(static scenario => scenario.Open().Chat().CompleteChatAsync(Samples.BadGateway), 502, "provider_error");

    private async Task ErrorShouldBeAsync<T>(Func<Scenario, Task<ClientResult<T>>> call, int status, string type)
    {
        var scenario = await gateway.BeginAsync();

        var thrown = (await call.Invoking(each => each(scenario)).Should().ThrowAsync<ClientResultException>()).Which;

        thrown.Status.Should().Be(status);
        var response = thrown.GetRawResponse()!;
        var error = JsonSerializer.Deserialize<JsonElement>(response.Content).GetProperty("error");
        error.GetProperty("type").GetString().Should().Be(type);
        thrown.Message.Should().Contain(error.GetProperty("message").GetString()).And.Contain(type);
        response.Headers.TryGetValue("X-Request-Id", out var id).Should().BeTrue();
        id.Should().Be(error.GetProperty("request_id").GetString());
        await scenario.ChargesShouldBeAsync(0);
    }
}
