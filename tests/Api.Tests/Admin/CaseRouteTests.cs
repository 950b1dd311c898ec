using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Admin;

/// <summary>Holds, overruns and unreconciled cases over HTTP.</summary>
public sealed class CaseRouteTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Cases_AreListedOverAllKeysPageByPage_AndClosedOnce()
    {
        var first = await CaseAsync(times: 2);
        var second = await CaseAsync(times: 1);
        await _gateway.CreateKeyAsync();

        var open = await AllAsync("/unreconciled?limit=1");
        open.Select(row => row.Text("key")).Should().BeEquivalentTo(first.Id, first.Id, second.Id);
        open.Should().OnlyContain(row => row.Text("model") == "xai/grok-4.3" && row.Text("endpoint") == "/v1/responses" && row.Number("hold_ticks") > 0);

        var ofFirst = open.Where(row => row.Text("key") == first.Id).ToArray();
        var settled = await _gateway.PostAsync($"/unreconciled/{ofFirst[0].Text("id")}", """{"settle_usd":"0.25","note":"seen on the invoice"}""");
        (settled.Text("outcome"), settled.Text("charged_usd"), settled.Text("available_usd")).Should().Be(("settled", "0.25", "4.75"));
        var waived = await _gateway.PostAsync($"/unreconciled/{ofFirst[1].Text("id")}", """{"waive":true}""");
        (waived.Text("outcome"), waived.Text("charged_usd"), waived.Text("available_usd")).Should().Be(("waived", "0", "4.75"));

        // A repeat is told the same, another decision is not taken.
        (await _gateway.PostAsync($"/unreconciled/{ofFirst[0].Text("id")}", """{"settle_usd":"0.25"}""")).Text("charged_usd").Should().Be("0.25");
        (await _gateway.RefusedAsync(HttpMethod.Post, $"/unreconciled/{ofFirst[0].Text("id")}", """{"waive":true}""")).Status.Should().Be(409);

        // The request's id alone is enough.
        var last = open.Single(row => row.Text("key") == second.Id);
        (await _gateway.PostAsync($"/unreconciled/{last.Text("request_id")}", """{"settle_usd":6}""")).Text("overrun_usd").Should().Be("1");
        (await AllAsync("/unreconciled")).Should().BeEmpty();
        (await AllAsync("/overruns")).Select(row => (row.Text("key"), row.Text("overrun_usd"))).Should().Equal((second.Id, "1"));

        var entry = (await first.LedgerAsync()).Single(line => line.Text("kind") == "hold_settled");
        (entry.Text("cost_source"), entry.Text("note"), entry.Text("actor")).Should().Be(("operator", "seen on the invoice", "admin"));
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("""{"settle_usd":"1","waive":true}""", 400)]
    [InlineData("""{"waive":false}""", 400)]
    [InlineData("""{"settle_usd":"0"}""", 400)]
    [InlineData("""{"settle_usd":"x"}""", 400)]
    [InlineData("""{"waive":true,"why":"x"}""", 400)]
    [InlineData("""{"waive":true}""", 404)]
    public async Task ClosingWrongly_IsRefused(string body, int status)
    {
        foreach (var id in (string[])["req_0192f0c4b7a87aaaaaaaaaaaaaaaaaaa", "key_00000000001.req_0192f0c4b7a87aaaaaaaaaaaaaaaaaaa", "x"])
            (await _gateway.RefusedAsync(HttpMethod.Post, $"/unreconciled/{id}", body)).Status.Should().Be(status);
    }

    [Fact]
    public async Task Overruns_AreListedPageByPage()
    {
        var keys = new[] { await _gateway.CreateKeyAsync("1"), await _gateway.CreateKeyAsync("1") };
        foreach (var key in keys)
        {
            for (var i = 1; i <= 2; i++)
            {
                _gateway.Xai.Enqueue(Behaviour.None with { Cost = CostSwitch.Ticks(UsdTicks.FromUsd(3).Value) });
                (await key.PostAsync(TestKey.Hello)).EnsureSuccessStatusCode();
                if (i == 1)
                    await _gateway.PostAsync($"/keys/{key.Id}/credits", """{"amount_usd":"1"}""", ("Idempotency-Key", "again"));
            }
        }

        var rows = await AllAsync("/overruns?limit=1");
        rows.Select(row => row.Text("key")).Should().BeEquivalentTo(keys[0].Id, keys[0].Id, keys[1].Id, keys[1].Id);
        rows.Should().OnlyContain(row => row.Number("overrun_ticks") == UsdTicks.FromUsd(2).Value);
    }

    [Fact]
    public async Task Holds_AreListedWhileOpen()
    {
        var key = await _gateway.CreateKeyAsync("5");
        _gateway.Xai.Gate.Close();
        var answers = Enumerable.Range(0, 3).Select(_ => key.PostAsync(TestKey.Hello)).ToArray();
        await _gateway.Xai.Gate.WaitForWaitingAsync(3);

        var holds = await AllAsync($"/keys/{key.Id}/holds?limit=2");
        holds.Should().HaveCount(3);
        holds.Sum(hold => hold.Number("amount_ticks")).Should().Be((await key.ReadAsync()).Held.Value);
        holds.Should().OnlyContain(hold => hold.Text("model") == "xai/grok-4.3" && hold.GetProperty("deadline").GetDateTime() > hold.GetProperty("placed_at").GetDateTime());

        _gateway.Xai.Gate.Open();
        foreach (var answer in await Task.WhenAll(answers))
            answer.EnsureSuccessStatusCode();
        await key.SettledLedgerAsync();
        (await AllAsync($"/keys/{key.Id}/holds")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("/unreconciled?after=x")]
    [InlineData("/overruns?after=key_00000000001.x")]
    [InlineData("/overruns?limit=1001")]
    [InlineData("/unreconciled?page=2")]
    public async Task WrongQuery_IsRefused(string path)
    {
        // A place within a key is read only where there is such a key.
        var key = await _gateway.CreateKeyAsync();
        (await _gateway.RefusedAsync(HttpMethod.Get, path.Replace("key_00000000001", key.Id, StringComparison.Ordinal))).Status.Should().Be(400);
    }

    private async Task<TestKey> CaseAsync(int times)
    {
        var key = await _gateway.CreateKeyAsync("5");
        for (var i = 0; i < times; i++)
        {
            _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Before });
            using var response = await key.PostAsync(TestKey.Hello);
            ((int)response.StatusCode).Should().Be(502);
        }

        (await key.ReadAsync()).Unreconciled.Should().Be(times);
        return key;
    }

    private async Task<List<System.Text.Json.JsonElement>> AllAsync(string path)
    {
        var rows = new List<System.Text.Json.JsonElement>();
        for (string? after = ""; after is not null;)
        {
            var page = await _gateway.GetAsync(after.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}after={after}");
            rows.AddRange(page.Rows());
            after = page.GetProperty("next_after").GetString();
        }

        return rows;
    }
}
