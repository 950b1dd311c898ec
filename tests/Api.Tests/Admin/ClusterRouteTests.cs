using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Silo.Cluster;

namespace LlmTr.Api.Tests.Admin;

public sealed class ClusterRouteTests
{
    private static readonly Uri DashboardPage = new("/admin/dashboard/", UriKind.Relative);

    [Fact]
    public async Task Cluster_TellsOfEachSilo()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.CreateKeyAsync();

        using var response = await gateway.AdminAsync(HttpMethod.Get, "/admin/v1/cluster");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var cluster = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        var silo = cluster.GetProperty("silos").EnumerateArray().Should().ContainSingle().Subject;
        silo.GetProperty("status").GetString().Should().Be("active");
        silo.GetProperty("version").GetString().Should().Be(cluster.GetProperty("front_end_version").GetString()).And.StartWith("0.");
        silo.GetProperty("activations").GetProperty("ApiKeyGrain").GetInt32().Should().BeGreaterThan(0);
        silo.GetProperty("clock").GetDateTime().Should().BeCloseTo(cluster.GetProperty("front_end_clock").GetDateTime(), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Cluster_WithoutTheAdminToken_Is401_AndAQueryIs400()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var anonymous = await gateway.SendAsync(HttpMethod.Get, "/admin/v1/cluster", bearer: null, body: null);
        using var query = await gateway.AdminAsync(HttpMethod.Get, "/admin/v1/cluster?x=1");

        anonymous.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        query.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Dashboard_IsOffUnlessSwitchedOn()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var page = await gateway.AdminAsync(HttpMethod.Get, DashboardPage.ToString());
        using var asBrowser = await gateway.Http.SendAsync(AsBrowser(TestGateway.AdminToken));

        page.StatusCode.Should().Be(HttpStatusCode.NotFound);
        asBrowser.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "a password opens nothing but the dashboard");
    }

    [Fact]
    public async Task Dashboard_SwitchedOn_IsForTheAdminTokenOnly()
    {
        await using var gateway = await TestGateway.StartAsync(settings: static settings => settings with { Cluster = new ClusterSettings { Dashboard = true } });

        using var anonymous = await gateway.Http.GetAsync(DashboardPage);
        using var wrong = await gateway.Http.SendAsync(AsBrowser("nonsense"));
        using var right = await gateway.Http.SendAsync(AsBrowser(TestGateway.AdminToken));
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/admin/v1/keys") { Headers = { Authorization = AsBrowser(TestGateway.AdminToken).Headers.Authorization } };
        using var admin = await gateway.Http.SendAsync(elsewhere);

        anonymous.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        anonymous.Headers.WwwAuthenticate.Should().ContainSingle().Which.Scheme.Should().Be("Basic");
        wrong.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        right.StatusCode.Should().Be(HttpStatusCode.OK);
        (await right.Content.ReadAsStringAsync()).Should().Contain("Orleans Dashboard");
        admin.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "the API takes the token as a bearer's only, which no foreign page can make a browser send");
    }

    private static HttpRequestMessage AsBrowser(string password) => new(HttpMethod.Get, DashboardPage)
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{password}"))) },
    };
}
