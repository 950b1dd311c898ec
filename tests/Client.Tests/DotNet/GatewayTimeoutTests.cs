using System.ClientModel;
using LlmTr.Client.Tests.Running;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>xAI does not answer within the gateway's own limit: a 504, and an open case in place of a charge.</summary>
public sealed class GatewayTimeoutTests : IAsyncLifetime
{
    private readonly ClientGateway _gateway = new(new() { ["Metering:TextLimit"] = "00:00:01" });

    public async Task InitializeAsync() => await _gateway.InitializeAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task NoAnswerInTime_IsRepeated_AndNotCharged()
    {
        var scenario = await _gateway.BeginAsync();

        var call = () => scenario.Open(retries: 1).Chat().CompleteChatAsync(Samples.NoAnswer);

        (await call.Should().ThrowAsync<ClientResultException>()).Which.Status.Should().Be(504);
        scenario.Statuses.Should().Equal(504, 504);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("unreconciled", null), ("hold_placed", null), ("unreconciled", null));
    }

    [Fact]
    public async Task NoAnswerInTime_WithAPolicyThatListens_IsNotRepeated()
    {
        var scenario = await _gateway.BeginAsync();

        var call = () => scenario.Open(retryPolicy: new ListeningRetryPolicy()).Chat().CompleteChatAsync(Samples.NoAnswer);

        (await call.Should().ThrowAsync<ClientResultException>()).Which.Status.Should().Be(504);
        scenario.Statuses.Should().Equal(504);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("unreconciled", null));
    }
}
