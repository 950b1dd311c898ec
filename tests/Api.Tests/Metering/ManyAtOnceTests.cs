using System.Net;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Metering;

/// <summary>Never one tick over, however many come at once.</summary>
public sealed class ManyAtOnceTests : IAsyncLifetime
{
    private const string Body = """{"model":"xai/grok-4.3","input":"Hello","max_output_tokens":1000}""";

    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task ThousandAtOnce_OnABalanceForAHundredHolds_LetExactlyAHundredThrough()
    {
        var hold = await HoldOfAsync(Body);
        var start = hold * 100 + (hold - new UsdTicks(1));
        var key = await _gateway.CreateKeyAsync(start.ToUsdString());

        _gateway.Xai.Gate.Close();
        var requests = Enumerable.Range(0, 1000).Select(_ => key.PostAsync(Body)).ToArray();
        await _gateway.Xai.Gate.WaitForWaitingAsync(100);

        // Nine hundred are refused while the hundred still wait: nothing has been given back yet.
        var refused = 0;
        while (refused < 900)
        {
            refused = requests.Count(request => request.IsCompletedSuccessfully && request.Result().StatusCode == HttpStatusCode.PaymentRequired);
            requests.Count(request => request.IsFaulted).Should().Be(0);
            await Task.WhenAny(requests.Where(request => !request.IsCompleted).Append(Task.Delay(50)));
        }

        _gateway.Xai.Gate.Waiting.Should().Be(100);
        _gateway.Xai.Gate.Open();
        var responses = await Task.WhenAll(requests);

        responses.Count(response => response.StatusCode == HttpStatusCode.OK).Should().Be(100);
        responses.Count(response => response.StatusCode == HttpStatusCode.PaymentRequired).Should().Be(900);
        _gateway.Xai.Requests.Should().HaveCount(100);
        var billed = _gateway.Xai.Requests.Aggregate(UsdTicks.Zero, (sum, request) => sum + request.Billed);
        (await key.ReadAsync()).Should().Be(new TestAccount(start - billed, UsdTicks.Zero, 0));
    }

    private async Task<UsdTicks> HoldOfAsync(string body)
    {
        var key = await _gateway.CreateKeyAsync();
        using var dry = await key.PostAsync(body, headers: ("X-LLMTR-Dry-Run", "true"));
        return new UsdTicks((await dry.JsonAsync()).Number("quote_ticks"));
    }
}

file static class Completed
{
    // Only of a request that has completed.
    public static HttpResponseMessage Result(this Task<HttpResponseMessage> request) => request.GetAwaiter().GetResult();
}
