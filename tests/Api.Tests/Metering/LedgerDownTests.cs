using System.Net;
using LlmTr.Api.Hosting;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Accounts;
using LlmTr.Money;
using LlmTr.Silo.Sqlite;
using LlmTr.XaiSimulator.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LlmTr.Api.Tests.Metering;

/// <summary>A ledger that cannot be reached costs availability, never money.</summary>
public sealed class LedgerDownTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    private FaultyLedgerStore Ledger => _gateway.Services.GetRequiredService<FaultyLedgerStore>();

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(
            configuration: new() { ["Metering:SettlePatience"] = "00:00:00.300" },
            customize: builder =>
            {
                builder.Services.AddSingleton<SqliteLedgerStore>();
                builder.Services.AddSingleton(services => new FaultyLedgerStore(services.GetRequiredService<SqliteLedgerStore>()));
                builder.Services.AddSingleton<ILedgerStore>(services => services.GetRequiredService<FaultyLedgerStore>());
            });
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task BeforeTheHold_NothingIsSent_AndItIs503()
    {
        Ledger.IsDown = true;
        using var response = await _key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((503, "provider_unavailable", null));
        _gateway.Xai.Requests.Should().BeEmpty();

        Ledger.IsDown = false;
        (await _key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 0));
    }

    [Fact]
    public async Task OperatorsCommands_DoNotClaimThatNothingWasDone()
    {
        Ledger.IsDown = true;
        var answers = await Task.WhenAll(
            _gateway.AdminAsync(HttpMethod.Post, "/admin/v1/keys", """{"label":"a"}"""),
            _gateway.AdminAsync(HttpMethod.Post, $"/admin/v1/keys/{_key.Id}/rotate", """{"grace_seconds":0}"""),
            _gateway.AdminAsync(HttpMethod.Patch, $"/admin/v1/keys/{_key.Id}", """{"label":"b"}"""),
            _gateway.AdminAsync(HttpMethod.Post, $"/admin/v1/keys/{_key.Id}/revoke", "{}"),
            _gateway.AdminAsync(HttpMethod.Post, $"/admin/v1/keys/{_key.Id}/credits", """{"amount_usd":"1"}""", ("Idempotency-Key", "a")));

        foreach (var answer in answers)
        {
            using var response = answer;
            (await response.ErrorAsync()).Should().Be((503, "provider_unavailable", null));
            var sentence = (await response.JsonAsync()).GetProperty("error").Text("message");
            sentence.Should().Contain("is not known").And.NotContain("Nothing was");
            sentence.Contains("Repeat it with the same Idempotency-Key", StringComparison.Ordinal).Should().Be(answer == answers[^1]);
        }
    }

    [Fact]
    public async Task Ready_WhileALedgerIsAwayForAMoment_TurnsNobodyAway()
    {
        await ReadyShouldBeAsync(HttpStatusCode.OK);
        Ledger.IsDown = true;

        await ReadyShouldBeAsync(HttpStatusCode.OK, "a silo that dies takes the probe's ledger with it for some seconds, in which requests wait");
    }

    [Fact]
    public async Task Ready_WhileTheLedgerStaysAway_IsNot()
    {
        _gateway.Services.GetRequiredService<IOptions<ReadinessOptions>>().Value.Grace = TimeSpan.Zero;
        await ReadyShouldBeAsync(HttpStatusCode.OK);
        Ledger.IsDown = true;

        await ReadyShouldBeAsync(HttpStatusCode.ServiceUnavailable);
        using var live = await _gateway.Http.GetAsync("/health/live");
        live.StatusCode.Should().Be(HttpStatusCode.OK);

        Ledger.IsDown = false;
        await ReadyShouldBeAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task BetweenHoldAndSettlement_TheAnswerGoesOutPending_AndIsSettledOnceLater(string body)
    {
        _gateway.Xai.Gate.Close();
        var answer = _key.PostAsync(body);
        await _gateway.Xai.Gate.WaitForWaitingAsync(1);
        Ledger.IsDown = true;
        _gateway.Xai.Gate.Open();
        using var response = await answer;
        (await response.Content.ReadAsStringAsync()).Should().Contain("completed");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        if (body == TestKey.Hello)
        {
            response.Header("X-LLMTR-Settlement").Should().Be("pending");
            response.Header("X-LLMTR-Balance-USD").Should().BeNull();
        }

        Ledger.IsDown = false;
        var ledger = await _key.SettledLedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        ledger[1].Number("amount_ticks").Should().Be(_gateway.Xai.Requests.Single().Billed.Value);
    }

    [Fact]
    public async Task BetweenHoldAndRelease_TheRefusalGoesOut_AndTheHoldIsReleasedLater()
    {
        _gateway.Xai.Gate.Close();
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", "rate"));
        var answer = _key.PostAsync(TestKey.Hello);
        await _gateway.Xai.Gate.WaitForWaitingAsync(1);
        Ledger.IsDown = true;
        _gateway.Xai.Gate.Open();
        using var response = await answer;
        (await response.ErrorAsync()).Should().Be((429, "rate_limit_exceeded", null));

        Ledger.IsDown = false;
        (await _key.SettledLedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_released");
        (await _key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 0));
    }

    private async Task ReadyShouldBeAsync(HttpStatusCode status, string because = "")
    {
        using var ready = await _gateway.Http.GetAsync("/health/ready");
        ready.StatusCode.Should().Be(status, because);
    }
}
