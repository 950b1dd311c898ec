using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Customer;

/// <summary><c>GET /v1/balance</c> and <c>GET /api/usage</c>.</summary>
public sealed class OwnAccountTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private static readonly string[] RowFields =
    [
        "timestamp", "request_id", "model", "endpoint", "input_tokens", "output_tokens", "total_tokens", "cost_usd", "cost_source", "latency_ms", "status_code",
        "api_key_prefix",
    ];

    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Balance_ShowsMoneyAndLimits()
    {
        using var response = await Gateway.SendAsync(HttpMethod.Get, "/v1/balance", (await Gateway.CreateKeyAsync("3.5")).Text, null);

        (await response.Content.ReadAsStringAsync()).Should().Be(
            """{"balance_usd":"3.5","held_usd":"0","available_usd":"3.5","currency":"USD","limits":{}}""");
    }

    [Theory]
    [InlineData("/v1/balance")]
    [InlineData("/api/usage")]
    public async Task WithoutAGoodKey_ItIs401(string path)
    {
        var otherGatewaysKey = new Api.Keys.KeyFormat(new byte[32], []).New().Text;
        foreach (var bearer in (string?[])[null, "llmtr-x", otherGatewaysKey, TestGateway.AdminToken])
            (await (await Gateway.SendAsync(HttpMethod.Get, path, bearer, null)).ErrorAsync()).Should().Be((401, "auth_error", null));
    }

    [Fact]
    public async Task Usage_ListsRequestsOldestFirst_WithExactlyTheDocumentedFields()
    {
        var key = await Gateway.CreateKeyAsync();
        var ids = new List<string>();
        Gateway.Xai.Enqueue(Behaviour.None.With("fault", "rate"));
        for (var i = 0; i < 3; i++)
        {
            using var response = await key.PostAsync(TestKey.Hello);
            ids.Add(response.Header("X-Request-Id")!);
        }

        using (await key.PostAsync("""{"model":"no-such-model","input":"x"}"""))
        {
        }

        var usage = await UsageAsync(key, "");
        usage.GetProperty("meta").GetRawText().Should().Be("""{"page":1,"perPage":50,"total":3}""");
        var rows = usage.GetProperty("data").EnumerateArray().ToArray();
        rows.Select(row => row.Text("request_id")).Should().Equal(ids);
        rows.Should().OnlyContain(row => row.EnumerateObject().Select(field => field.Name).SequenceEqual(RowFields));
        rows[0].Number("status_code").Should().Be(429);
        rows[0].GetProperty("cost_usd").GetRawText().Should().Be("0");
        rows[0].GetProperty("cost_source").ValueKind.Should().Be(JsonValueKind.Null);
        rows[1].Number("total_tokens").Should().Be(rows[1].Number("input_tokens") + rows[1].Number("output_tokens"));
        rows[1].Text("cost_source").Should().Be("provider");
        rows[1].Text("api_key_prefix").Should().Be(key.Text[..12]);

        // Pages cover all rows once.
        var second = await UsageAsync(key, "?page=2&perPage=2");
        second.GetProperty("meta").GetRawText().Should().Be("""{"page":2,"perPage":2,"total":3}""");
        second.GetProperty("data").EnumerateArray().Select(row => row.Text("request_id")).Should().Equal(ids[2]);
        (await UsageAsync(key, "?page=3&perPage=2")).GetProperty("data").GetArrayLength().Should().Be(0);

        // By days, both included, UTC.
        var today = rows[0].Text("timestamp")[..10];
        (await UsageAsync(key, $"?from={today}&to=9999-12-31")).GetProperty("meta").Number("total").Should().Be(3);
        (await UsageAsync(key, "?to=2020-01-01")).GetProperty("meta").Number("total").Should().Be(0);
        (await UsageAsync(key, "?from=9999-12-31")).GetProperty("meta").Number("total").Should().Be(0);

        // By id, with hold and charge.
        var one = (await UsageAsync(key, $"?request_id={ids[1]}")).GetProperty("data").EnumerateArray().Single();
        one.GetProperty("hold").Number("amount_ticks").Should().BePositive();
        one.GetProperty("charge").Text("amount_usd").Should().Be(one.GetProperty("cost_usd").GetRawText());
        foreach (var unknown in (string[])["x", "req_0192f0c4b7a87aaaaaaaaaaaaaaaaaaa", "req_ffffffffffff7fffffffffffffffffff", "req_00000000000070008000000000000000"])
            (await UsageAsync(key, $"?request_id={unknown}")).GetProperty("meta").Number("total").Should().Be(0);

        // Nobody sees another key's requests.
        (await UsageAsync(await Gateway.CreateKeyAsync(), $"?request_id={ids[1]}")).GetProperty("meta").Number("total").Should().Be(0);
    }

    [Fact]
    public async Task RequestUnderWay_IsListedWithoutCostOrStatus()
    {
        var key = await Gateway.CreateKeyAsync();
        Gateway.Xai.Gate.Close();
        var answer = key.PostAsync(TestKey.Hello);
        await Gateway.Xai.Gate.WaitForWaitingAsync(1);

        var row = (await UsageAsync(key, "")).GetProperty("data").EnumerateArray().Single();
        row.GetProperty("status_code").ValueKind.Should().Be(JsonValueKind.Null);
        row.GetProperty("cost_usd").GetRawText().Should().Be("0");

        Gateway.Xai.Gate.Open();
        (await answer).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?from=2026-13-01", "from")]
    [InlineData("?from=2026-02-02&to=2026-02-01", "to")]
    [InlineData("?page=0", "page")]
    [InlineData("?perPage=1001", "perPage")]
    [InlineData("?per_page=10", "per_page")]
    public async Task WrongQuery_NamesTheParameter(string query, string param) =>
        (await (await Gateway.SendAsync(HttpMethod.Get, "/api/usage" + query, shared.Key.Text, null)).ErrorAsync())
            .Should().Be((400, "invalid_request_error", param));

    private async Task<JsonElement> UsageAsync(TestKey key, string query)
    {
        using var response = await Gateway.SendAsync(HttpMethod.Get, "/api/usage" + query, key.Text, null);
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }
}
