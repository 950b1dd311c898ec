using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Admin.Tests;

/// <summary>Every number shown anywhere comes from the ledger: after random traffic all of them agree, with each other and with xAI's own books.</summary>
public sealed class EveryNumberTests : IAsyncLifetime
{
    private const int Requests = 60;

    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(20261122)]
    public async Task RandomTraffic_EveryFaceShowsTheSameNumbers(int seed)
    {
        var random = new Random(seed);
        var key = await _gateway.CreateKeyAsync("1");
        await TrafficAsync(key, random);
        var ledger = await WholeLedgerAsync(key);

        // The ledger against xAI's books: what was paid and what was lost is what xAI billed for all that it delivered; of what it did not, it says nothing here.
        var settled = ledger.Where(entry => entry.Text("kind") == "hold_settled").ToArray();
        var charged = Sum(settled);
        var overruns = Sum(ledger.Where(entry => entry.Text("kind") == "overrun"));
        var byOperator = Sum(settled.Where(entry => entry.Text("cost_source") == "operator"));
        (charged - byOperator + overruns).Should().Be(_gateway.Xai.Books.Delivered);
        overruns.IsPositive.Should().BeTrue("else the test has not shown one");
        byOperator.IsPositive.Should().BeTrue();
        var balance = Sum(ledger.Where(entry => entry.Text("kind") == "credited")) - Sum(ledger.Where(entry => entry.Text("kind") == "debited")) - charged;
        ledger[^1].Number("balance_ticks").Should().Be(balance.Value);
        ledger[^1].Number("held_ticks").Should().Be(0);

        // The operator's view and the list.
        var shown = await GetAsync($"/admin/v1/keys/{key.Id}");
        var listed = (await GetAsync("/admin/v1/keys")).GetProperty("data").EnumerateArray().Single(row => row.Text("id") == key.Id);
        listed.GetRawText().Should().Be(shown.GetRawText());
        shown.Number("balance_ticks").Should().Be(balance.Value);
        shown.Text("available_usd").Should().Be(balance.ToUsdString());
        var totals = shown.GetProperty("totals");
        (totals.Number("requests"), totals.Text("charged_usd"), totals.Text("overruns_usd"))
            .Should().Be((settled.Length, charged.ToUsdString(), overruns.ToUsdString()));

        // The customer's.
        using (var response = await _gateway.SendAsync(HttpMethod.Get, "/v1/balance", key.Text, null))
            (await response.JsonAsync()).Text("balance_usd").Should().Be(balance.ToUsdString());
        await UsageShouldAgreeAsync(key, ledger, charged);

        // In groups.
        foreach (var by in (string[])["day", "model", "endpoint"])
        {
            var groups = (await GetAsync($"/admin/v1/keys/{key.Id}/usage?group_by={by}")).GetProperty("data").EnumerateArray().ToArray();
            groups.Sum(group => group.Number("requests")).Should().Be(settled.Length);
            groups.Sum(group => group.Number("charged_ticks")).Should().Be(charged.Value);
            groups.Sum(group => group.Number("overruns_ticks")).Should().Be(overruns.Value);
            groups.Sum(group => group.Number("output_tokens")).Should().Be(settled.Sum(entry => Optional(entry, "output_tokens")));
            if (by == "model")
            {
                groups.Select(group => (group.Text("group"), group.Number("charged_ticks"))).Should().Equal(
                    settled.GroupBy(entry => entry.Text("model"), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
                        .Select(group => (group.Key, Sum(group).Value)));
            }

            (await Cli.RunAsync(_gateway, "usage", key.Id, "--group-by", by, "--json")).Json().GetProperty("data").EnumerateArray()
                .Sum(group => group.Number("charged_ticks")).Should().Be(charged.Value);
        }

        // And the command line.
        (await Cli.RunAsync(_gateway, "balance", key.Id)).Output.Should().Contain($"Balance USD    {balance.ToUsdString()}\n");
        (await Cli.RunAsync(_gateway, "keys", "show", key.Id)).Output.Should().Contain(charged.ToUsdString()).And.Contain(overruns.ToUsdString());
        var verdict = (await Cli.RunAsync(_gateway, "ledger", "verify", key.Id, "--json")).Json().GetProperty("data")[0];
        (verdict.Text("verdict"), verdict.Text("balance_usd"), verdict.Number("entries")).Should().Be(("ok", balance.ToUsdString(), ledger.Count));
        (await Cli.RunAsync(_gateway, "overruns", "--json")).Json().GetProperty("data").EnumerateArray()
            .Where(row => row.Text("key") == key.Id).Sum(row => row.Number("overrun_ticks")).Should().Be(overruns.Value);
    }

    // Two models, plain and streamed, several at once; refusals, costs above hold and balance, outcomes nobody knows; credits and debits between.
    private async Task TrafficAsync(TestKey key, Random random)
    {
        for (var left = Requests; left > 0;)
        {
            var batch = Math.Min(left, random.Next(1, 6));
            left -= batch;
            await Task.WhenAll(Enumerable.Range(0, batch).Select(_ => Body(random)).ToArray().Select(async body =>
            {
                using var response = await key.PostAsync(body);
                await response.Content.ReadAsStringAsync();
            }));
            await PostAsync(key, "credits", $"0.{random.Next(1, 999):D3}");
            if (random.Next(4) == 0)
                await PostAsync(key, "debits", "0.0000000001");
        }

        await PostAsync(key, "credits", "1");
        _gateway.Xai.Enqueue(Behaviour.None with { Cost = CostSwitch.Ticks(UsdTicks.FromUsd(100).Value) });
        await AskAsync(key, 200);
        await PostAsync(key, "credits", "1");
        _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Before });
        await AskAsync(key, 502);
        await key.SettledLedgerAsync();

        // An operator settles one case, and leaves the others open.
        var open = (await GetAsync("/admin/v1/unreconciled")).GetProperty("data").EnumerateArray().Last(row => row.Text("key") == key.Id);
        using var closed = await _gateway.AdminAsync(HttpMethod.Post, $"/admin/v1/unreconciled/{open.Text("id")}", """{"settle_usd":"0.0123456789"}""");
        closed.EnsureSuccessStatusCode();
    }

    private static string Body(Random random)
    {
        var model = random.Next(2) == 0 ? "xai/grok-4.3" : "xai/grok-4.20-0309-non-reasoning";
        var marker = random.Next(8) switch
        {
            0 => "[[sim:fault=rate]]",
            1 => "[[sim:cut=before]]",
            2 => $"[[sim:cost={random.NextInt64(1, 3_000_000_000)}]]",
            _ => "",
        };
        return $$"""{"model":"{{model}}","input":"{{marker}} question {{random.Next(1000)}}","stream":{{(random.Next(2) == 0 ? "true" : "false")}},"max_output_tokens":{{random.Next(16, 2000)}}}""";
    }

    private async Task UsageShouldAgreeAsync(TestKey key, List<JsonElement> ledger, UsdTicks charged)
    {
        var rows = new List<JsonElement>();
        var csv = new List<string[]>();
        for (var page = 1; ; page++)
        {
            using var asJson = await _gateway.SendAsync(HttpMethod.Get, $"/api/usage?page={page}&perPage=7", key.Text, null);
            var part = await asJson.JsonAsync();
            using var asCsv = await _gateway.SendAsync(HttpMethod.Get, $"/api/usage?page={page}&perPage=7", key.Text, null, default, ("Accept", "text/csv"));
            csv.AddRange((await asCsv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')));
            var data = part.GetProperty("data").EnumerateArray().ToArray();
            if (data.Length == 0)
                break;
            rows.AddRange(data);
            part.GetProperty("meta").Number("total").Should().Be(ledger.Count(entry => entry.Text("kind") == "hold_placed"));
        }

        rows.Select(row => row.Text("request_id")).Should().Equal(ledger.Where(entry => entry.Text("kind") == "hold_placed").Select(entry => entry.Text("request_id")));
        rows.Aggregate(UsdTicks.Zero, (sum, row) => sum + Usd(row.GetProperty("cost_usd").GetRawText())).Should().Be(charged);
        csv.Should().HaveCount(rows.Count);
        foreach (var (cells, row) in csv.Zip(rows))
        {
            cells.Should().Equal(row.EnumerateObject().Select(field => field.Value.ValueKind switch
            {
                JsonValueKind.Null => "",
                JsonValueKind.String => field.Value.GetString()!,
                _ => field.Value.GetRawText(),
            }));
        }
    }

    private async Task<List<JsonElement>> WholeLedgerAsync(TestKey key)
    {
        var lines = new List<JsonElement>();
        for (long? from = 1; from is not null;)
        {
            var page = await GetAsync($"/admin/v1/keys/{key.Id}/ledger?from_seq={from}&limit=100");
            lines.AddRange(page.GetProperty("data").EnumerateArray());
            from = page.GetProperty("next_seq").ValueKind == JsonValueKind.Number ? page.Number("next_seq") : null;
        }

        lines.Select(line => line.Number("seq")).Should().Equal(Enumerable.Range(1, lines.Count).Select(i => (long)i));
        return lines;
    }

    private static async Task AskAsync(TestKey key, int status)
    {
        using var response = await key.PostAsync(TestKey.Hello);
        ((int)response.StatusCode).Should().Be(status);
    }

    private async Task PostAsync(TestKey key, string path, string amount)
    {
        using var response = await _gateway.AdminAsync(
            HttpMethod.Post, $"/admin/v1/keys/{key.Id}/{path}", $$"""{"amount_usd":"{{amount}}"}""", ("Idempotency-Key", Guid.CreateVersion7().ToString()));

        // A debit may come when nothing is available.
        ((int)response.StatusCode).Should().BeOneOf(path == "credits" ? [200] : [200, 402]);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _gateway.AdminAsync(HttpMethod.Get, path);
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }

    private static UsdTicks Sum(IEnumerable<JsonElement> entries) => entries.Aggregate(UsdTicks.Zero, static (sum, entry) => sum + new UsdTicks(entry.Number("amount_ticks")));

    private static long Optional(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static UsdTicks Usd(string text)
    {
        UsdTicks.TryParseUsd(text, out var amount).Should().BeTrue(text);
        return amount;
    }
}
