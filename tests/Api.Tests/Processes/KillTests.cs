using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;
using LlmTr.XaiSimulator;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Processes;

/// <summary>What was acknowledged survives <c>kill -9</c>; what is stopped gracefully ends its calls first.</summary>
public sealed class KillTests : IAsyncLifetime
{
    // A small cap of its own: fifty holds of the gateway's choosing do not fit at once.
    private const string Request = """{"model":"xai/grok-4.3","input":"Hello","max_output_tokens":500}""";

    private readonly string _data = Directory.CreateTempSubdirectory("llmtr-test-").FullName;
    private Simulator _xai = null!;

    public async Task InitializeAsync() => _xai = await Simulator.StartAsync();

    public async Task DisposeAsync()
    {
        await _xai.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Killed_TheNextStartShowsTheSameBalanceToTheTick_AndOpenHoldsStayOpen()
    {
        string id, key;
        await using (var gateway = await StartAsync())
        {
            (id, key) = await CreateKeyAsync(gateway);
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => gateway.SendAsync(HttpMethod.Post, "/v1/responses", key, Request)));
            answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.OK);

            // Three more are with xAI at the moment of the kill.
            _xai.Gate.Close();
            var inFlight = Enumerable.Range(0, 3).Select(_ => gateway.SendAsync(HttpMethod.Post, "/v1/responses", key, Request)).ToArray();
            await _xai.Gate.WaitForWaitingAsync(3);
            await gateway.KillAsync();
            foreach (var call in inFlight)
                await FluentActions.Awaiting(() => call).Should().ThrowAsync<HttpRequestException>();
        }

        var charged = _xai.Requests.Where(request => request.Outcome == XaiSimulator.Recording.Outcome.Answered).Aggregate(UsdTicks.Zero, (sum, request) => sum + request.Billed);
        await using var again = await StartAsync();
        var account = await again.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{id}");
        account.Number("balance_ticks").Should().Be((UsdTicks.FromUsd(5) - charged).Value);
        account.Number("held_ticks").Should().BePositive();
        account.GetProperty("totals").Number("requests").Should().Be(50);
        account.GetProperty("totals").Number("open_holds").Should().Be(3);
        await LedgerShouldVerifyAsync(again, id);

        _xai.Gate.Open();
        using var next = await again.SendAsync(HttpMethod.Post, "/v1/responses", key, Request);
        next.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Terminated_AStreamInFlightIsFinishedAndSettled()
    {
        await using var gateway = await StartAsync();
        var (id, key) = await CreateKeyAsync(gateway);
        _xai.Enqueue(Behaviour.None with { Step = true });
        using var answer = await StreamAsync(gateway, key);
        await gateway.TerminateAsync();
        _xai.Steps.Allow(1000);

        (await answer.Content.ReadAsStringAsync()).Should().Contain("response.completed");
        (await gateway.EndAsync()).ExitCode.Should().Be(0);
        var cost = _xai.Requests.Single().Billed;
        await using var again = await StartAsync();
        var account = await again.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{id}");
        account.Number("balance_ticks").Should().Be((UsdTicks.FromUsd(5) - cost).Value);
        account.Number("held_ticks").Should().Be(0);
    }

    [Fact]
    public async Task Terminated_AStreamBeyondTheLimitIsCutAndSettledAtAnEstimate()
    {
        await using var gateway = await StartAsync(("Metering__ShutdownLimit", "00:00:00.500"));
        var (id, key) = await CreateKeyAsync(gateway);
        _xai.Enqueue(Behaviour.None with { Stall = BreakPoint.Stream, After = 8 });
        using var answer = await StreamAsync(gateway, key);
        await gateway.TerminateAsync();

        (await answer.Content.ReadAsStringAsync()).Should().Contain("event: error");
        (await gateway.EndAsync()).ExitCode.Should().Be(0);
        await using var again = await StartAsync();
        var ledger = await again.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{id}/ledger");
        var last = ledger.GetProperty("data").EnumerateArray().Last();
        last.Text("kind").Should().Be("hold_settled");
        last.Text("cost_source").Should().Be("estimate");
        last.Number("held_ticks").Should().Be(0);
    }

    [Fact]
    public async Task Terminated_HalfABodyIsNotWaitedFor()
    {
        const string half = "POST /v1/responses HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer KEY\r\nContent-Length: 1000\r\n\r\n{";
        await using var gateway = await StartAsync();
        var (_, key) = await CreateKeyAsync(gateway);
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Http.BaseAddress!.Host, gateway.Http.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(half.Replace("KEY", key, StringComparison.Ordinal)));

        // An answer to another connection shows that the server has had time to see this one.
        await gateway.AdminAsync(HttpMethod.Get, "/admin/v1/keys/" + (await CreateKeyAsync(gateway)).Id);
        var began = Stopwatch.GetTimestamp();
        await gateway.TerminateAsync();

        (await gateway.EndAsync()).ExitCode.Should().Be(0);
        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(20), "only calls to xAI are worth waiting for");
    }

    private Task<GatewayProcess> StartAsync(params (string Name, string Value)[] more) => GatewayProcess.StartAsync(_xai.BaseUrl, _xai.ApiKey, _data, more);

    private static async Task<(string Id, string Key)> CreateKeyAsync(GatewayProcess gateway)
    {
        var key = await gateway.AdminAsync(HttpMethod.Post, "/admin/v1/keys", """{"label":"test","credit_usd":5}""");
        return (key.Text("id"), key.Text("key"));
    }

    /// <summary>A stream whose first bytes have come.</summary>
    private async Task<HttpResponseMessage> StreamAsync(GatewayProcess gateway, string key)
    {
        var answer = await gateway.SendAsync(HttpMethod.Post, "/v1/responses", key, TestKey.HelloStreamed);
        await _xai.WaitForRequestsAsync(1);
        return answer;
    }

    private static async Task LedgerShouldVerifyAsync(GatewayProcess gateway, string id)
    {
        using var response = await gateway.SendAsync(HttpMethod.Get, $"/admin/v1/keys/{id}/ledger?limit=1000", "admin-token-of-the-tests");
        var json = await response.Content.ReadAsStringAsync();
        var previous = LedgerLine.GenesisHash;
        var account = new KeyAccount();
        foreach (var line in System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(json).GetProperty("data").EnumerateArray())
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(line.GetRawText());
            var entry = LedgerLine.Decode(bytes);
            entry.Prev.Should().Be(previous);
            account.Apply(entry);
            previous = LedgerLine.Hash(bytes);
        }

        account.Seq.Should().BeGreaterThan(100);
    }
}
