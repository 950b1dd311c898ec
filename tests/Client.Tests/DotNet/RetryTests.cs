using System.ClientModel;
using LlmTr.Client.Tests.Running;
using OpenAI.Chat;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>
/// What the package from NuGet repeats by itself, and what that costs. It repeats 408, 429, 500, 502, 503, 504, lost connections and its own timeouts, and does not
/// look at <c>x-should-retry</c>.
/// </summary>
[Collection(DotNetGateway.Name)]
public sealed class RetryTests(ClientGateway gateway)
{
    [Fact]
    public async Task RefusedBeforeItWasSent_IsRepeated_AndChargedOnce()
    {
        var scenario = await gateway.BeginAsync();
        scenario.LeaveNoPlaceForTheFirstCall();

        ChatCompletion answer = await scenario.Open(retries: 1).Chat().CompleteChatAsync("Hello");

        answer.Content[0].Text.Should().Contain("simulator");
        scenario.Statuses.Should().Equal(503, 200);
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task SentAndNotAnswered_IsRepeated_AndNotCharged()
    {
        var scenario = await gateway.BeginAsync();

        await CallShouldThrowAsync<ClientResultException>(() => scenario.Open(retries: 1).Chat().CompleteChatAsync(Samples.BadGateway));

        scenario.Statuses.Should().Equal(502, 502);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("unreconciled", null), ("hold_placed", null), ("unreconciled", null));
        await scenario.ChargesShouldBeAsync(0);
    }

    [Fact]
    public async Task SentAndHalfAnswered_IsRepeated_AndChargedTwice()
    {
        var scenario = await gateway.BeginAsync();

        await CallShouldThrowAsync<ClientResultException>(() => scenario.Open(retries: 1).Chat().CompleteChatAsync(Samples.CutAnswer));

        scenario.Statuses.Should().Equal(502, 502);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"), ("hold_placed", null), ("hold_settled", "estimate"));
    }

    [Fact]
    public async Task SentAndHalfAnswered_RepeatedWithAnIdempotencyKey_IsChargedOnce()
    {
        var scenario = await gateway.BeginAsync();
        var client = scenario.Open(retries: 1, callPolicy: new IdempotencyKeyPolicy()).Chat();

        var thrown = await CallShouldThrowAsync<ClientResultException>(() => client.CompleteChatAsync(Samples.CutAnswer));

        thrown.Status.Should().Be(409);
        scenario.Statuses.Should().Equal(502, 409);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"));
    }

    [Fact]
    public async Task SentAndHalfAnswered_WithAPolicyThatListens_IsNotRepeated()
    {
        var scenario = await gateway.BeginAsync();
        var client = scenario.Open(retryPolicy: new ListeningRetryPolicy()).Chat();

        await CallShouldThrowAsync<ClientResultException>(() => client.CompleteChatAsync(Samples.CutAnswer));

        scenario.Statuses.Should().Equal(502);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"));
    }

    [Fact]
    public async Task RefusedBeforeItWasSent_WithAPolicyThatListens_IsRepeated_AndChargedOnce()
    {
        var scenario = await gateway.BeginAsync();
        scenario.LeaveNoPlaceForTheFirstCall();

        await scenario.Open(retryPolicy: new ListeningRetryPolicy()).Chat().CompleteChatAsync("Hello");

        scenario.Statuses.Should().Equal(503, 200);
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task TimeoutOfTheClient_IsChargedAllTheSame()
    {
        var scenario = await gateway.BeginAsync();

        await CallShouldThrowAsync<TaskCanceledException>(() => scenario.Open(timeout: Samples.Impatience).Chat().CompleteChatAsync(Samples.Slow));

        scenario.Statuses.Should().HaveCount(1);
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task TimeoutOfTheClient_ThatItRepeats_IsChargedTwice()
    {
        var scenario = await gateway.BeginAsync();

        await Assert.ThrowsAsync<AggregateException>(() => scenario.Open(retries: 1, timeout: Samples.Impatience).Chat().CompleteChatAsync(Samples.Slow));

        scenario.Statuses.Should().HaveCount(2);
        await scenario.ChargesShouldBeAsync(2);
    }

    [Fact]
    public async Task TimeoutOfTheClient_ThatItRepeatsWithAnIdempotencyKey_IsChargedOnce()
    {
        var scenario = await gateway.BeginAsync();
        var client = scenario.Open(retries: 1, timeout: Samples.Impatience, callPolicy: new IdempotencyKeyPolicy()).Chat();

        var thrown = await CallShouldThrowAsync<ClientResultException>(() => client.CompleteChatAsync(Samples.Slow));

        thrown.Status.Should().Be(409);
        await scenario.ChargesShouldBeAsync(1);
    }

    private static async Task<T> CallShouldThrowAsync<T>(Func<Task<ClientResult<ChatCompletion>>> call)
        where T : Exception =>
        (await call.Should().ThrowAsync<T>()).Which;
}
