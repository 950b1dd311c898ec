using System.Text.Json;
using LlmTr.Api.Metering;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Client.Tests.Running;

/// <summary>What one client does with one key, and what it cost by the books of both sides.</summary>
public sealed class Scenario
{
    internal const string CreditUsd = "5";

    private readonly TestKey _key;
    private readonly TestKey _poor;
    private readonly ReceivedCalls _received;

    internal Scenario(TestKey key, TestKey poor, ReceivedCalls received) => (_key, _poor, _received) = (key, poor, received);

    /// <summary>What a customer configures as base URL.</summary>
    public Uri BaseUrl => new(_key.Gateway.Http.BaseAddress!, "/v1");

    public string Key => _key.Text;

    /// <summary>A key whose balance is not enough for anything.</summary>
    public string PoorKey => _poor.Text;

    public Simulator Xai => _key.Gateway.Xai;

    /// <summary>How the gateway answered each call, the client's own repeats included; 0 where the client had left.</summary>
    public IReadOnlyList<int> Statuses => _received.Statuses;

    /// <summary>Takes every place for calls, until the first call has been told that there is none.</summary>
    public void LeaveNoPlaceForTheFirstCall()
    {
        var calls = _key.Gateway.Services.GetRequiredService<CallsInFlight>();
        var taken = 0;
        while (calls.TryEnter())
            taken++;
        _received.BeforeAnswers(() =>
        {
            for (var left = Interlocked.Exchange(ref taken, 0); left > 0; left--)
                calls.Exit();
        });
    }

    /// <summary>The ledger once no call is open: the kind of each entry and who told its cost.</summary>
    public async Task<IEnumerable<(string Kind, string? CostSource)>> EntriesAsync() =>
        (await _key.SettledLedgerAsync()).Select(static entry => (Text(entry, "kind")!, Text(entry, "cost_source")));

    /// <summary>
    /// What both sides have in their books: xAI billed so many answers, each of them is charged once and to the tick, and the key has paid nothing else.
    /// </summary>
    public async Task ChargesShouldBeAsync(int count)
    {
        var charges = (await _key.SettledLedgerAsync()).Where(static entry => Text(entry, "kind") == "hold_settled").Select(static entry => entry.GetProperty("amount_ticks").GetInt64());
        await Xai.WaitForIdleAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var bills = Xai.Requests.Select(static request => request.Billed.Value).Where(static ticks => ticks > 0).ToList();

        bills.Should().HaveCount(count);
        charges.Should().BeEquivalentTo(bills);
        var account = await _key.ReadAsync();
        (account.Balance, account.Held).Should().Be((UsdTicks.FromUsd(5) - new UsdTicks(bills.Sum()), UsdTicks.Zero));
    }

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;
}
