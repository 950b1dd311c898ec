using LlmTr.Api.Tests.Running;
using LlmTr.Silo.Hosting;

namespace LlmTr.Api.Tests.Http;

/// <summary>What browsers are told, and which pages of others are let in.</summary>
public sealed class BrowserTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Origin = "https://app.example.com";

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/v1/models")]
    [InlineData("/v1/balance")]
    [InlineData("/no/such/path")]
    [InlineData("/docs/")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/admin/v1/keys")]
    public async Task NoAnswer_TellsOfTheServer_AndNoneIsGuessedAt(string path)
    {
        using var response = await shared.Gateway.Http.GetAsync(new Uri(path, UriKind.Relative));

        foreach (var banner in (string[])["Server", "X-Powered-By", "X-AspNet-Version"])
            response.Header(banner).Should().BeNull();
        response.Header("X-Content-Type-Options").Should().Be("nosniff");
    }

    [Fact]
    public async Task RefusalOfKestrelsOwn_TellsNothingEither() =>
        (await RawClient.ExchangeAsync(shared.Gateway, "nonsense\r\n\r\n")).Should().StartWith("HTTP/1.1 400 ").And.NotContainEquivalentOf("kestrel").And.NotContainEquivalentOf("\nServer:");

    [Fact]
    public async Task Docs_LoadNothingFromElsewhere_AndAreNotFramed()
    {
        using var page = await shared.Gateway.Http.GetAsync(new Uri("/docs/", UriKind.Relative));
        var html = await page.Content.ReadAsStringAsync();
        var policy = page.Header("Content-Security-Policy")!;

        page.IsSuccessStatusCode.Should().BeTrue(html);
        policy.Should().StartWith("default-src 'none'").And.Contain("frame-ancestors 'none'").And.Contain("connect-src 'self'").And.NotContain("http").And.NotContain("*").And.NotContain("unsafe-eval");
        page.Header("Referrer-Policy").Should().Be("no-referrer");
        page.Header("X-Frame-Options").Should().Be("DENY");
        html.Should().NotContainEquivalentOf("https://").And.NotContainEquivalentOf("\"//");

        // Each script carries the nonce of this answer, and the next answer has another.
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        System.Text.RegularExpressions.Regex.Matches(html, "<script[^>]*>").Should().NotBeEmpty().And.OnlyContain(script => script.Value.Contains($"nonce=\"{nonce}\""));
        using var again = await shared.Gateway.Http.GetAsync(new Uri("/docs/", UriKind.Relative));
        again.Header("Content-Security-Policy").Should().NotContain(nonce);
        foreach (var script in (string[])["scalar.js", "scalar.aspnetcore.js"])
        {
            using var file = await shared.Gateway.Http.GetAsync(new Uri($"/docs/{script}", UriKind.Relative));
            file.IsSuccessStatusCode.Should().BeTrue("{0} is served by the program", script);
        }
    }

    [Fact]
    public async Task Dashboard_IsNotFramed_AndLoadsNothingFromElsewhere()
    {
        await using var gateway = await TestGateway.StartAsync(settings: static usual => usual with { Cluster = usual.Cluster with { Dashboard = true } });
        using var page = await gateway.AdminAsync(HttpMethod.Get, "/admin/dashboard/");

        page.IsSuccessStatusCode.Should().BeTrue();
        page.Header("Content-Security-Policy").Should().StartWith("default-src 'none'").And.Contain("frame-ancestors 'none'");
        page.Header("X-Frame-Options").Should().Be("DENY");
    }

    [Fact]
    public async Task WithoutConfiguration_NoOriginIsLetIn()
    {
        using var answer = await shared.Gateway.SendAsync(HttpMethod.Get, "/v1/models", null, null, default, ("Origin", Origin));
        using var preflight = await PreflightAsync(shared.Gateway, "/v1/responses", Origin);

        answer.Headers.Should().NotContain(static header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        preflight.Headers.Should().NotContain(static header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        ((int)preflight.StatusCode).Should().Be(405);
    }

    [Fact]
    public async Task ConfiguredOrigin_IsLetIn_ButNotToOperatorsRoutes_AndNoOther()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Cors:Origins"] = $"{Origin} http://localhost:3000" });
        using var preflight = await PreflightAsync(gateway, "/v1/responses", Origin);
        using var refused = await gateway.SendAsync(HttpMethod.Post, "/v1/responses", "no key", TestKey.Hello, default, ("Origin", Origin));
        using var other = await PreflightAsync(gateway, "/v1/responses", "https://evil.example");
        using var admin = await PreflightAsync(gateway, "/admin/v1/keys", Origin);
        using var adminAnswer = await gateway.AdminAsync(HttpMethod.Get, "/admin/v1/keys", null, ("Origin", Origin));

        ((int)preflight.StatusCode).Should().Be(204);
        preflight.Header("Access-Control-Allow-Origin").Should().Be(Origin);
        preflight.Header("Access-Control-Allow-Credentials").Should().BeNull();
        ((int)refused.StatusCode).Should().Be(401);
        refused.Header("Access-Control-Allow-Origin").Should().Be(Origin, "a page must be able to read why");
        refused.Header("Access-Control-Expose-Headers").Should().Contain("X-Request-Id");
        other.Header("Access-Control-Allow-Origin").Should().BeNull();
        admin.Header("Access-Control-Allow-Origin").Should().BeNull();
        adminAnswer.Header("Access-Control-Allow-Origin").Should().BeNull();
    }

    [Theory]
    [InlineData("*")]
    [InlineData("app.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/path")]
    [InlineData("https://*.example.com")]
    [InlineData("file:///x")]
    public async Task OriginThatIsNone_IsRefusedAtTheStart(string origin)
    {
        var start = () => TestGateway.StartAsync(configuration: new() { ["Cors:Origins"] = origin });

        (await start.Should().ThrowAsync<StartupException>()).WithMessage($"*Cors:Origins*{origin}*");
    }

    private static Task<HttpResponseMessage> PreflightAsync(TestGateway gateway, string path, string origin) => gateway.SendAsync(
        HttpMethod.Options, path, null, null, default, ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type"));
}
