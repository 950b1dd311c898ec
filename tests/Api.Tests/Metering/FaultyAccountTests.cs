using System.Collections.Concurrent;
using LlmTr.Api.Metering;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Metering;

/// <summary>Faults that nobody foresaw in the call of an account: no hold is forgotten, and no cost.</summary>
public sealed class FaultyAccountTests : IAsyncLifetime
{
    private readonly AccountFaults _faults = new();
    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(customize: builder =>
        {
            builder.Services.AddSingleton<IIncomingGrainCallFilter>(_faults);
        });
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task SettlementThatFails_IsRepeated(string body)
    {
        _faults.Fail(nameof(IApiKeyGrain.Settle), times: 2);
        using var response = await _key.PostAsync(body);
        (await response.Content.ReadAsStringAsync()).Should().Contain("completed");

        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        (await _key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5) - _gateway.Xai.Requests.Single().Billed, UsdTicks.Zero, 0));
    }

    [Fact]
    public async Task HoldWhoseAnswerIsLost_IsAskedForAgain_AndPlacedOnce()
    {
        _faults.Fail(nameof(IApiKeyGrain.PlaceHold), times: 2);
        using var response = await _key.PostAsync(TestKey.Hello);
        response.IsSuccessStatusCode.Should().BeTrue();

        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
    }

    [Fact]
    public async Task HoldThatNeverAnswers_IsReleased()
    {
        _faults.Fail(nameof(IApiKeyGrain.PlaceHold), times: 1000);
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((503, "provider_unavailable", null));
        (await _key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_released");
        _gateway.Xai.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task FaultAfterTheRequestWasSent_TellsClientsNotToSendItAgain()
    {
        _faults.Fail(nameof(IApiKeyGrain.Settle), times: 1, () => new ArgumentException("Refused by the account itself."));
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((500, "internal_error", null));
        response.Header("x-should-retry").Should().Be("false", "a repeat is a second bill");
    }

    [Fact]
    public async Task EndThatIsOver_IsForgotten()
    {
        for (var i = 0; i < 20; i++)
        {
            using var response = await _key.PostAsync(TestKey.Hello);
        }

        _gateway.Services.GetRequiredService<Endings>().Open.Should().Be(0);
    }

    // The call is made, and its answer lost to a fault.
    private sealed class AccountFaults : IIncomingGrainCallFilter
    {
        private readonly ConcurrentDictionary<string, int> _left = new();
        private Func<Exception> _fault = static () => new InvalidOperationException("A fault that nobody foresaw.");

        public void Fail(string method, int times, Func<Exception>? fault = null) => (_left[method], _fault) = (times, fault ?? _fault);

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            if (context.MethodName is { } method && _left.TryGetValue(method, out var left) && left > 0 && _left.TryUpdate(method, left - 1, left))
                throw _fault();
        }
    }
}
