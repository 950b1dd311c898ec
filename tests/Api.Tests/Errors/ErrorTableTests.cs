using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LlmTr.Api.Metering;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;
using LlmTr.XaiSimulator.Control;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Errors;

/// <summary>The rows of the error table that are not about a request's fields.</summary>
public sealed class ErrorTableTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task NoMalformedForgedUnknownAndWrongKeys_GetTheSame401()
    {
        var key = shared.Key.Text;
        var forged = key[..^1] + (key[^1] == 'A' ? 'B' : 'A');
        var bodies = new List<string>();
        foreach (var bearer in (string?[])[null, "", "nonsense", "llmtr-", forged, key + "x", key.ToUpperInvariant(), "admin-token-of-the-tests"])
        {
            using var response = await Gateway.SendAsync(HttpMethod.Post, "/v1/responses", bearer, TestKey.Hello);
            (await response.ErrorAsync()).Should().Be((401, "auth_error", null));
            bodies.Add((await response.JsonAsync()).GetProperty("error").Text("message"));
        }

        bodies.Distinct().Should().ContainSingle();
        (await shared.Key.LedgerAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task KeyOfAnotherScheme_Is401()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/responses") { Content = new StringContent(TestKey.Hello) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", shared.Key.Text);
        using var response = await Gateway.Http.SendAsync(request);

        (await response.ErrorAsync()).Should().Be((401, "auth_error", null));
    }

    [Fact]
    public async Task CustomerKey_OpensNoAdminRoute_AndNoTokenNeither()
    {
        foreach (var bearer in (string?[])[null, shared.Key.Text, "wrong"])
        {
            foreach (var path in (string[])[$"/admin/v1/keys/{shared.Key.Id}", "/admin/v1/nothing", "/ADMIN/v1/keys"])
            {
                using var response = await Gateway.SendAsync(HttpMethod.Get, path, bearer, null);
                (await response.ErrorAsync()).Should().Be((401, "auth_error", null));
            }
        }
    }

    [Theory]
    [InlineData("xai/grok-4.3", "")]
    [InlineData("xai/grok-4.3", ",\"max_output_tokens\":100")]
    [InlineData("xai/grok-4.20-multi-agent", ",\"max_output_tokens\":100")]
    public async Task BalanceBelowTheHold_Is402_WithWhatIsNeeded(string model, string more)
    {
        var poor = await Gateway.CreateKeyAsync("0.0001");
        using var response = await poor.PostAsync($$"""{"model":"{{model}}","input":"x"{{more}}}""");

        (await response.ErrorAsync()).Should().Be((402, "insufficient_balance", null));
        var details = (await response.JsonAsync()).GetProperty("error").GetProperty("details");
        UsdTicks.TryParseUsd(details.Text("required_usd"), out var required).Should().BeTrue();
        (required > new UsdTicks(1_000_000)).Should().BeTrue();
        details.Text("available_usd").Should().Be("0.0001");
        details.Text("hint").Should().NotBeEmpty();
        (await poor.LedgerAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("GET", "/", 404, "not_found")]
    [InlineData("GET", "/v1", 404, "not_found")]
    [InlineData("POST", "/v1/nothing", 404, "not_found")]
    [InlineData("GET", "/v1/responses", 405, "invalid_request_error")]
    [InlineData("DELETE", "/v1/responses", 405, "invalid_request_error")]
    [InlineData("GET", "/v1/files", 400, "unsupported_capability")]
    [InlineData("POST", "/v1/files/f/content", 400, "unsupported_capability")]
    [InlineData("GET", "/v1/realtime", 400, "unsupported_capability")]
    [InlineData("POST", "/v1/collections", 400, "unsupported_capability")]
    [InlineData("POST", "/v1/videos/edits", 400, "unsupported_capability")]
    [InlineData("GET", "/v1/videos/extensions", 400, "unsupported_capability")]
    [InlineData("POST", "/v1/videos/extensions/x", 400, "unsupported_capability")]
    public async Task PathThatIsNotServed_AnswersWithTheEnvelope(string method, string path, int status, string type)
    {
        using var response = await Gateway.SendAsync(new HttpMethod(method), path, shared.Key.Text, null);

        (await response.ErrorAsync()).Should().Be((status, type, null));
    }

    [Theory]
    [InlineData("wrong-key", 503, "provider_unavailable")]
    [InlineData("no-credentials", 503, "provider_unavailable")]
    [InlineData("credits", 503, "provider_unavailable")]
    [InlineData("credits-429", 503, "provider_unavailable")]
    [InlineData("unknown-model", 503, "provider_unavailable")]
    [InlineData("model-not-found", 503, "provider_unavailable")]
    [InlineData("rate", 429, "rate_limit_exceeded")]
    [InlineData("wrong-type", 400, "invalid_request_error")]
    [InlineData("not-json", 400, "invalid_request_error")]
    [InlineData("unsupported-argument", 400, "invalid_request_error")]
    [InlineData("grammar", 400, "invalid_request_error")]
    [InlineData("live-search", 400, "invalid_request_error")]
    [InlineData("too-large", 413, "request_too_large")]
    [InlineData("moderated", 400, "content_moderated")]
    [InlineData("no-model-response", 502, "provider_error")]
    [InlineData("method-not-allowed", 502, "provider_error")]
    [InlineData("bad-gateway", 502, "provider_error")]
    public async Task XaisAnswer_BecomesOurs(string fault, int status, string type)
    {
        var key = await Gateway.CreateKeyAsync();
        Gateway.Xai.Enqueue(Behaviour.None.With("fault", fault));
        using var response = await key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((status, type, null));
        var text = await response.Content.ReadAsStringAsync();
        text.Should().NotContain("00000000-0000-4000-8000-000000000000", "the platform's team is nobody's business");
        text.Should().NotContain("console.x.ai");
        response.Header("Retry-After").Should().Be(status is 503 or 429 ? "2" : null);
        response.Header("x-should-retry").Should().Be(status >= 500 ? "false" : null);
    }

    [Fact]
    public async Task TooManyCallsInFlight_Is503()
    {
        await using var small = await TestGateway.StartAsync(configuration: new() { ["Metering:MaxCallsInFlight"] = "2" });
        var key = await small.CreateKeyAsync();
        small.Xai.Gate.Close();
        var first = key.PostAsync(TestKey.Hello);
        var second = key.PostAsync(TestKey.Hello);
        await small.Xai.Gate.WaitForWaitingAsync(2);

        using var third = await key.PostAsync(TestKey.Hello);
        (await third.ErrorAsync()).Should().Be((503, "provider_unavailable", null));
        third.Header("Retry-After").Should().Be("2");

        small.Xai.Gate.Open();
        (await first).StatusCode.Should().Be(HttpStatusCode.OK);
        (await second).StatusCode.Should().Be(HttpStatusCode.OK);
        using var fourth = await key.PostAsync(TestKey.Hello);
        fourth.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ModelOfAnotherEndpoint_Is400_AndNamesTheEndpointThatServesIt()
    {
        var catalogue = await File.ReadAllTextAsync(ModelCatalogue.ShippedPath);
        var elsewhere = ModelCatalogue.Parse(Encoding.UTF8.GetBytes(catalogue.Replace("/v1/responses", "/v1/elsewhere", StringComparison.Ordinal)), "models.json");
        await using var other = await TestGateway.StartAsync(customize: builder => builder.Services.AddSingleton(elsewhere));
        var key = await other.CreateKeyAsync();
        using var response = await key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((400, "unsupported_operation", "model"));
        var details = (await response.JsonAsync()).GetProperty("error").GetProperty("details");
        details.Text("param").Should().Be("model");
        details.Text("model").Should().Be("xai/grok-4.3");
        details.Text("attempted_endpoint").Should().Be("/v1/responses");
        details.GetProperty("supported_endpoints").EnumerateArray().Select(path => path.GetString()).Should().Equal("/v1/elsewhere", "/v1/chat/completions");
        details.Text("suggested_endpoint").Should().Be("/v1/elsewhere");
        details.Text("hint").Should().NotBeEmpty();
        details.Text("docs_url").Should().NotBeEmpty();
        other.Xai.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task FaultOfOurs_Is500_AndTellsNothingOfItself()
    {
        await using var broken = await TestGateway.StartAsync(
            customize: builder => builder.Services.AddSingleton<MeteringServices>(static _ => throw new InvalidOperationException("a detail of ours")));
        var key = await broken.CreateKeyAsync();
        using var response = await key.PostAsync(TestKey.Hello);

        (await response.ErrorAsync()).Should().Be((500, "internal_error", null));
        (await response.Content.ReadAsStringAsync()).Should().NotContain("a detail of ours").And.NotContain("   at ");
        broken.Xai.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"label":""}""", "label")]
    [InlineData("""{}""", "label")]
    [InlineData("""{"label":"x","credit_usd":-1}""", "credit_usd")]
    [InlineData("""{"label":"x","credit_usd":"1e3"}""", "credit_usd")]
    [InlineData("""{"label":"x","credit_usd":0.00000000001}""", "credit_usd")]
    [InlineData("""{"label":"x","credit_usd":"99999999999999"}""", "credit_usd")]
    [InlineData("""{"label":"x","nonsense":1}""", "nonsense")]
    public async Task KeyThatCannotBeMade_Is400(string body, string param)
    {
        using var response = await Gateway.AdminAsync(HttpMethod.Post, "/admin/v1/keys", body);

        (await response.ErrorAsync()).Should().Be((400, "invalid_request_error", param));
    }

    [Fact]
    public async Task Credit_PostsOncePerIdempotencyKey()
    {
        var key = await Gateway.CreateKeyAsync("1");
        var path = $"/admin/v1/keys/{key.Id}/credits";
        for (var i = 0; i < 3; i++)
        {
            using var posted = await Gateway.AdminAsync(HttpMethod.Post, path, """{"amount_usd":"2.5","reference":"r","note":"n"}""", ("Idempotency-Key", "a"));
            (await posted.JsonAsync()).Text("balance_usd").Should().Be("3.5");
        }

        using var conflict = await Gateway.AdminAsync(HttpMethod.Post, path, """{"amount_usd":"2"}""", ("Idempotency-Key", "a"));
        (await conflict.ErrorAsync()).Should().Be((409, "idempotency_conflict", "Idempotency-Key"));
        conflict.Header("x-should-retry").Should().Be("false");
        using var without = await Gateway.AdminAsync(HttpMethod.Post, path, """{"amount_usd":"2"}""");
        (await without.ErrorAsync()).Should().Be((400, "invalid_request_error", "Idempotency-Key"));
        using var nobody = await Gateway.AdminAsync(HttpMethod.Post, "/admin/v1/keys/key_00000000000/credits", """{"amount_usd":"2"}""", ("Idempotency-Key", "a"));
        (await nobody.ErrorAsync()).Should().Be((404, "not_found", null));
        (await key.ReadAsync()).Balance.Should().Be(new UsdTicks(35_000_000_000));
    }

    [Theory]
    [InlineData("/admin/v1/keys/nonsense")]
    [InlineData("/admin/v1/keys/key_00000000000")]
    [InlineData("/admin/v1/keys/key_00000000000/ledger")]
    public async Task UnknownKey_Is404(string path)
    {
        using var response = await Gateway.AdminAsync(HttpMethod.Get, path);

        (await response.ErrorAsync()).Should().Be((404, "not_found", null));
    }
}
