using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;
using LlmTr.XaiSimulator;
using Xunit.Abstractions;

namespace LlmTr.Api.Tests.Processes;

/// <summary>
/// <c>kill -9</c> under load, again and again at random moments: nothing that was acknowledged is lost, the ledger verifies, no hold outlives its deadline.
/// <c>KILLS</c> says how often (20 by default), <c>SEED</c> repeats the moments of a run.
/// </summary>
public sealed class KillUnderLoadTests(ITestOutputHelper output)
{
    private const int Customers = 4, CallersPerCustomer = 4;
    private const string AdminToken = "admin-token-of-the-tests";
    private const string Whole = """{"model":"xai/grok-4.3","input":"Hello","max_output_tokens":500}""";
    private const string Streamed = """{"model":"xai/grok-4.3","input":"Hello","max_output_tokens":500,"stream":true}""";

    private readonly ConcurrentQueue<(string KeyId, string RequestId, UsdTicks? Cost)> _answers = [];
    private readonly ConcurrentQueue<(string KeyId, string CreditId)> _credits = [];

    [Fact]
    public async Task KilledUnderLoad_NothingAcknowledgedIsLost()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("KILLS") ?? "20", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
        output.WriteLine($"{kills} kills, SEED={seed}");
        var random = new Random(seed);
        var data = Directory.CreateTempSubdirectory("llmtr-test-").FullName;
        await using var xai = await Simulator.StartAsync(new SimulatorOptions { KeptRequests = 1_000_000 });
        try
        {
            var keys = await CreateKeysAsync(xai, data);
            for (var kill = 0; kill < kills; kill++)
            {
                await using var gateway = await StartAsync(xai, data);
                using var over = new CancellationTokenSource();
                var load = keys.SelectMany(key => Enumerable.Range(0, CallersPerCustomer).Select(caller => CallAsync(gateway, key, caller, over.Token))).ToArray();
                await FirstAnswerAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1000)), CancellationToken.None);
                await gateway.KillAsync();
                await over.CancelAsync();
                await Task.WhenAll(load);
            }

            await using var last = await StartAsync(xai, data);
            foreach (var key in keys)
                await LedgerShouldHoldAsync(last, key.Id);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }

        output.WriteLine($"{_answers.Count} answers and {_credits.Count} credits were acknowledged, xAI served {xai.Requests.Count} requests.");
        _answers.Count.Should().BeGreaterThanOrEqualTo(kills);
    }

    // The shortest life that a hold can have: its deadline must come within the test.
    private static Task<GatewayProcess> StartAsync(Simulator xai, string data) => GatewayProcess.StartAsync(
        xai.BaseUrl,
        xai.ApiKey,
        data,
        ("Metering__TextLimit", "00:00:01"),
        ("Metering__HoldFreshness", "00:00:01"),
        ("Metering__ClientPatience", "00:00:01"),
        ("Metering__SettleRetries", "00:00:01"));

    private static async Task<(string Id, string Text)[]> CreateKeysAsync(Simulator xai, string data)
    {
        await using var gateway = await StartAsync(xai, data);
        var keys = new List<(string, string)>();
        for (var i = 0; i < Customers; i++)
        {
            var key = await gateway.AdminAsync(HttpMethod.Post, "/admin/v1/keys", """{"label":"load","credit_usd":100}""");
            keys.Add((key.Text("id"), key.Text("key")));
        }

        await gateway.TerminateAsync();
        await gateway.EndAsync();
        return [.. keys];
    }

    // A cold process takes its time; a kill before its first answer would show nothing.
    private async Task FirstAnswerAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var before = _answers.Count; _answers.Count == before;)
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }

    /// <summary>Sends one request after the other until the gateway is gone, and notes what was acknowledged.</summary>
    private async Task CallAsync(GatewayProcess gateway, (string Id, string Text) key, int caller, CancellationToken over)
    {
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            try
            {
                if (caller == 0 && i % 5 == 0)
                    await CreditAsync(gateway, key.Id);
                else if (caller % 2 == 0)
                    await AskAsync(gateway, key);
                else
                    await StreamAsync(gateway, key);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException or ObjectDisposedException)
            {
                // Killed in the middle: nothing was acknowledged.
                return;
            }
        }
    }

    private async Task CreditAsync(GatewayProcess gateway, string keyId)
    {
        var creditId = $"{Guid.CreateVersion7():N}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/v1/keys/{keyId}/credits") { Content = new StringContent("""{"amount_usd":"0.01"}""") };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {AdminToken}");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", creditId);
        using var response = await gateway.Http.SendAsync(request);
        if (response.StatusCode == HttpStatusCode.OK)
            _credits.Enqueue((keyId, creditId));
    }

    private async Task AskAsync(GatewayProcess gateway, (string Id, string Text) key)
    {
        using var response = await gateway.SendAsync(HttpMethod.Post, "/v1/responses", key.Text, Whole);
        var answer = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.OK || response.Header("X-LLMTR-Settlement") is not null)
            return;
        answer.Should().Contain("\"status\":\"completed\"");
        UsdTicks.TryParseUsd(response.Header("X-LLMTR-Cost-USD"), out var cost).Should().BeTrue();
        _answers.Enqueue((key.Id, response.Header("X-Request-Id")!, cost));
    }

    private async Task StreamAsync(GatewayProcess gateway, (string Id, string Text) key)
    {
        using var response = await gateway.SendAsync(HttpMethod.Post, "/v1/responses", key.Text, Streamed);
        var answer = await response.Content.ReadAsStringAsync();
        if (answer.Contains("event: response.completed", StringComparison.Ordinal))
            _answers.Enqueue((key.Id, response.Header("X-Request-Id")!, null));
    }

    private async Task LedgerShouldHoldAsync(GatewayProcess gateway, string keyId)
    {
        // Holds of calls that were killed pass their deadlines first.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while ((await gateway.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{keyId}")).Number("held_ticks") > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(500), limit.Token);

        var account = new KeyAccount();
        var previous = LedgerLine.GenesisHash;
        var charged = new Dictionary<string, UsdTicks>();
        var credited = new HashSet<string>();
        var balance = UsdTicks.Zero;
        for (long? from = 1; from is not null;)
        {
            var page = await gateway.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{keyId}/ledger?from_seq={from}&limit=1000");
            foreach (var line in page.GetProperty("data").EnumerateArray())
            {
                var bytes = Encoding.UTF8.GetBytes(line.GetRawText());
                var entry = LedgerLine.Decode(bytes);
                entry.Prev.Should().Be(previous);
                account.Apply(entry);
                previous = LedgerLine.Hash(bytes);
                if (entry.Kind == LedgerEntryKind.Credited)
                {
                    balance += entry.Amount;
                    credited.Add(entry.CreditId!);
                }
                else if (entry.Kind == LedgerEntryKind.HoldSettled)
                {
                    balance -= entry.Amount;
                    charged.Add(entry.RequestId!.Value.ToString(), entry.Amount);
                }
            }

            from = page.GetProperty("next_seq").ValueKind == JsonValueKind.Number ? page.Number("next_seq") : null;
        }

        account.Balance.Should().Be(balance);
        account.Held.Should().Be(UsdTicks.Zero);
        account.OpenHoldCount.Should().Be(0);
        foreach (var (_, requestId, cost) in _answers.Where(answer => answer.KeyId == keyId))
            charged.Should().ContainKey(requestId).WhoseValue.Should().Be(cost ?? charged[requestId]);
        foreach (var (_, creditId) in _credits.Where(credit => credit.KeyId == keyId))
            credited.Should().Contain(id => id.EndsWith(creditId, StringComparison.Ordinal));
    }
}
