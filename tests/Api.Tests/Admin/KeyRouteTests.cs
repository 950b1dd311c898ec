using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Admin;

/// <summary>The life of a key over HTTP.</summary>
public sealed class KeyRouteTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Patch_IsAnEntryThatNamesItsRequest_SoThatTheAccountKnowsARepeatOfIt()
    {
        var key = await Gateway.CreateKeyAsync();

        using var response = await Gateway.AdminAsync(HttpMethod.Patch, "/admin/v1/keys/" + key.Id, """{"label":"test"}""");

        response.EnsureSuccessStatusCode();
        var entry = (await key.LedgerAsync()).Single();
        (entry.Text("kind"), entry.Text("request_id")).Should().Be(("limits_changed", response.Header("X-Request-Id")));
    }

    [Fact]
    public async Task Create_WithEverything_ShowsItAllAndTheSecretOnce()
    {
        using var response = await Gateway.AdminAsync(HttpMethod.Post, "/admin/v1/keys", """
            {"label":"all","credit_usd":"12.3456789012","expires_at":"2099-01-31T00:00:00+02:00","reason":"a test",
             "limits":{"requests_per_minute":10,"tokens_per_minute":20000,"max_concurrent":3,"models":["xai/grok-4.3"],"budget":{"amount_usd":1.5,"period":"month"}}}
            """);

        ((int)response.StatusCode).Should().Be(201);
        response.Header("Cache-Control").Should().Be("no-store");
        var made = await response.JsonAsync();
        var read = await Gateway.GetAsync($"/keys/{made.Text("id")}");
        made.Text("key").Should().StartWith(made.Text("prefix"));
        read.TryGetProperty("key", out _).Should().BeFalse();
        foreach (var key in new[] { made, read })
        {
            key.Text("label").Should().Be("all");
            key.Text("status").Should().Be("active");
            key.Number("balance_ticks").Should().Be(123_456_789_012);
            key.Text("available_usd").Should().Be("12.3456789012");
            key.Text("expires_at").Should().Be("2099-01-30T22:00:00Z");
            var limits = key.GetProperty("limits");
            limits.Number("requests_per_minute").Should().Be(10);
            limits.Number("tokens_per_minute").Should().Be(20000);
            limits.Number("max_concurrent").Should().Be(3);
            limits.GetProperty("models")[0].GetString().Should().Be("xai/grok-4.3");
            limits.GetProperty("budget").Text("amount_usd").Should().Be("1.5");
            limits.GetProperty("budget").Text("period").Should().Be("month");
            limits.GetProperty("budget").Text("used_usd").Should().Be("0");
        }
    }

    [Theory]
    [InlineData("""{}""", "label")]
    [InlineData("""{"label":""}""", "label")]
    [InlineData("""{"label":"a","colour":"red"}""", "colour")]
    [InlineData("""{"label":"a","label":"b"}""", "label")]
    [InlineData("""{"label":"a","credit_usd":"-1"}""", "credit_usd")]
    [InlineData("""{"label":"a","credit_usd":"0.00000000001"}""", "credit_usd")]
    [InlineData("""{"label":"a","credit_usd":1e3}""", "credit_usd")]
    [InlineData("""{"label":"a","expires_at":"2099-01-31"}""", "expires_at")]
    [InlineData("""{"label":"a","expires_at":"2099-01-31T00:00:00"}""", "expires_at")]
    [InlineData("""{"label":"a","limits":{"requests_per_minute":0}}""", "limits")]
    [InlineData("""{"label":"a","limits":{"requests":1}}""", "limits.requests")]
    [InlineData("""{"label":"a","limits":{"budget":{"amount_usd":"1"}}}""", "limits.budget.period")]
    [InlineData("""{"label":"a","limits":{"budget":{"period":"day"}}}""", "limits.budget.amount_usd")]
    [InlineData("""{"label":"a","limits":{"budget":{"amount_usd":"1","period":0}}}""", "limits.budget.period")]
    [InlineData("""{"label":"a","limits":{"budget":{"amount_usd":"1","period":"year"}}}""", "limits.budget.period")]
    [InlineData("""[]""", null)]
    [InlineData("""{"label":""", null)]
    public async Task Create_WithAnythingWrong_NamesTheField(string body, string? param)
    {
        var refused = await Gateway.RefusedAsync(HttpMethod.Post, "/keys", body);

        refused.Status.Should().Be(400);
        refused.Type.Should().Be("invalid_request_error");
        if (param is not null)
            refused.Param.Should().Be(param);
    }

    [Fact]
    public async Task List_GivesEveryKeyOnce_PageAfterPage_AndByPrefix()
    {
        var made = new HashSet<string>();
        for (var i = 0; i < 5; i++)
            made.Add((await Gateway.CreateKeyAsync()).Id);

        var listed = new List<string>();
        for (string? after = ""; after is not null;)
        {
            var page = await Gateway.GetAsync($"/keys?limit=2{(after.Length > 0 ? $"&after={after}" : "")}");
            page.Rows().Length.Should().BeInRange(1, 2);
            listed.AddRange(page.Rows().Select(key => key.Text("id")));
            after = page.GetProperty("next_after").GetString();
        }

        listed.Should().OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal).And.Contain(made);
        var one = await Gateway.GetAsync($"/keys/{listed[0]}");
        (await Gateway.GetAsync($"/keys?prefix={one.Text("prefix")}")).Rows().Select(key => key.Text("id")).Should().Contain(listed[0]);
        (await Gateway.GetAsync($"/keys?prefix={listed[0]}")).Rows().Should().BeEmpty("the prefix itself stands before the first key that is longer");
        (await Gateway.GetAsync($"/keys?prefix={listed[0][..^1]}")).Rows().Select(key => key.Text("id")).Should().Equal(listed[0]);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?limit=ten", "limit")]
    [InlineData("?after=nobody", "after")]
    [InlineData("?prefix=sk-1", "prefix")]
    [InlineData("?lmit=1", "lmit")]
    [InlineData("?limit=1&limit=2", "limit")]
    public async Task List_WithAWrongQuery_NamesTheParameter(string query, string param) =>
        (await Gateway.RefusedAsync(HttpMethod.Get, "/keys" + query)).Should().Be((400, "invalid_request_error", param));

    [Fact]
    public async Task Patch_ChangesWhatIsGiven_AndKeepsTheRest()
    {
        var key = await Gateway.CreateKeyAsync();
        await Gateway.PatchAsync($"/keys/{key.Id}", """{"limits":{"max_concurrent":2},"expires_at":"2099-01-01T00:00:00Z"}""");

        var renamed = await Gateway.PatchAsync($"/keys/{key.Id}", """{"label":"other"}""");
        renamed.Text("label").Should().Be("other");
        renamed.GetProperty("limits").Number("max_concurrent").Should().Be(2);
        renamed.Text("expires_at").Should().Be("2099-01-01T00:00:00Z");

        var cleared = await Gateway.PatchAsync($"/keys/{key.Id}", """{"limits":{},"expires_at":"never"}""");
        cleared.GetProperty("limits").EnumerateObject().Should().BeEmpty();
        cleared.GetProperty("expires_at").GetString().Should().BeNull();
    }

    [Fact]
    public async Task DisabledOrExpiredKey_SaysSo_AndIsRefusedInference()
    {
        var key = await Gateway.CreateKeyAsync();

        (await Gateway.PatchAsync($"/keys/{key.Id}", """{"disabled":true}""")).Text("status").Should().Be("disabled");
        (await (await key.PostAsync(TestKey.Hello)).ErrorAsync()).Should().Be((403, "forbidden", null));
        (await Gateway.BalanceStatusAsync(key.Text)).Should().Be(200);

        (await Gateway.PatchAsync($"/keys/{key.Id}", """{"disabled":false,"expires_at":"2020-01-01T00:00:00Z"}""")).Text("status").Should().Be("expired");
        (await (await key.PostAsync(TestKey.Hello)).ErrorAsync()).Should().Be((403, "forbidden", null));

        (await Gateway.PatchAsync($"/keys/{key.Id}", """{"expires_at":"never"}""")).Text("status").Should().Be("active");
        (await key.PostAsync(TestKey.Hello)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Rotate_WithoutGrace_EndsTheOldSecret_WithGraceKeepsIt()
    {
        var key = await Gateway.CreateKeyAsync();
        var second = await Gateway.PostAsync($"/keys/{key.Id}/rotate", """{"grace_seconds":0}""");
        second.Text("id").Should().Be(key.Id);
        second.Text("key").Should().NotBe(key.Text).And.StartWith(second.Text("prefix"));
        (await Gateway.BalanceStatusAsync(key.Text)).Should().Be(401);
        (await Gateway.BalanceStatusAsync(second.Text("key"))).Should().Be(200);

        var third = await Gateway.PostAsync($"/keys/{key.Id}/rotate", """{"grace_seconds":3600}""");
        third.Text("old_secret_good_until").Should().NotBeEmpty();
        (await Gateway.BalanceStatusAsync(second.Text("key"))).Should().Be(200);
        (await Gateway.BalanceStatusAsync(third.Text("key"))).Should().Be(200);
        (await Gateway.BalanceStatusAsync(key.Text)).Should().Be(401);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"grace_seconds":-1}""")]
    [InlineData("""{"grace_seconds":31622401}""")]
    [InlineData("""{"grace_seconds":"1"}""")]
    public async Task Rotate_WithoutAGraceInItsRange_IsRefused(string body) =>
        (await Gateway.RefusedAsync(HttpMethod.Post, $"/keys/{shared.Key.Id}/rotate", body)).Should().Be((400, "invalid_request_error", "grace_seconds"));

    [Fact]
    public async Task Revoke_EndsTheKeyEverywhere_AndForEver()
    {
        var key = await Gateway.CreateKeyAsync();
        (await Gateway.PostAsync($"/keys/{key.Id}/revoke", "")).Text("status").Should().Be("revoked");

        (await Gateway.BalanceStatusAsync(key.Text)).Should().Be(401);
        (await (await key.PostAsync(TestKey.Hello)).ErrorAsync()).Should().Be((401, "auth_error", null));
        (await (await Gateway.SendAsync(HttpMethod.Get, "/api/usage", key.Text, null)).ErrorAsync()).Should().Be((401, "auth_error", null));
        (await Gateway.RefusedAsync(HttpMethod.Patch, $"/keys/{key.Id}", """{"disabled":false}""")).Status.Should().Be(409);
        (await Gateway.RefusedAsync(HttpMethod.Post, $"/keys/{key.Id}/rotate", """{"grace_seconds":0}""")).Status.Should().Be(409);
        (await Gateway.PostAsync($"/keys/{key.Id}/revoke", "{}")).Text("status").Should().Be("revoked");
    }

    [Fact]
    public async Task EveryCall_IsAnEntryWithActorAndReason()
    {
        var key = await Gateway.CreateKeyAsync();
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Patch, "", """{"label":"b","reason":"why b"}"""),
            (HttpMethod.Post, "/rotate", """{"grace_seconds":0,"reason":"why c"}"""),
            (HttpMethod.Post, "/revoke", """{"reason":"why d"}"""),
        })
        {
            using var response = await Gateway.AdminAsync(method, $"/admin/v1/keys/{key.Id}{path}", body, ("X-LLMTR-Actor", "ada"));
            response.EnsureSuccessStatusCode();
        }

        (await key.LedgerAsync()).Select(entry => (entry.Text("kind"), entry.Text("actor"), entry.Text("reason"))).Should().Equal(
            ("limits_changed", "admin/ada", "why b"), ("key_rotated", "admin/ada", "why c"), ("key_revoked", "admin/ada", "why d"));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "", """{"label":"b"}""")]
    [InlineData("POST", "/rotate", """{"grace_seconds":0}""")]
    [InlineData("POST", "/revoke", "{}")]
    [InlineData("POST", "/credits", """{"amount_usd":"1"}""")]
    [InlineData("POST", "/debits", """{"amount_usd":"1"}""")]
    [InlineData("GET", "/ledger")]
    [InlineData("GET", "/holds")]
    [InlineData("GET", "/usage")]
    public async Task UnknownKey_IsNotFound_OnEveryRoute(string method, string path, string? body = null)
    {
        foreach (var id in (string[])["key_00000000001", "key_1", "nobody"])
            (await Gateway.RefusedAsync(new HttpMethod(method), $"/keys/{id}{path}", body, ("Idempotency-Key", "x"))).Should().Be((404, "not_found", null));
    }

    [Theory]
    [InlineData("GET", "/keys")]
    [InlineData("PATCH", "/keys/key_00000000001")]
    [InlineData("GET", "/overruns")]
    [InlineData("GET", "/unreconciled")]
    [InlineData("POST", "/unreconciled/x")]
    public async Task WithoutTheAdminToken_NothingOpens_NotEvenWithACustomersKey(string method, string path)
    {
        foreach (var bearer in (string?[])[null, "wrong", shared.Key.Text])
            (await (await Gateway.SendAsync(new HttpMethod(method), "/admin/v1" + path, bearer, null)).ErrorAsync()).Should().Be((401, "auth_error", null));
    }
}
