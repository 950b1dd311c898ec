using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmTr.Api.Tests.Audio;
using LlmTr.Api.Tests.Running;
using LlmTr.Api.Tests.Video;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Telemetry;

/// <summary>
/// The dashboard, the alert rules and the page of documentation speak of metrics that a running gateway exports, and of all of its own.
/// </summary>
public sealed partial class ObservabilityFilesTests : IAsyncLifetime
{
    private static readonly string Files = Find("deploy/observability");

    private Scrape _scrape = null!;

    public async Task InitializeAsync()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: VideoGateway.Fast);
        var key = await gateway.CreateKeyAsync();
        (await key.PostAsync(TestKey.Hello)).Dispose();
        (await key.PostAsync(TestKey.HelloStreamed)).Dispose();
        gateway.Xai.Enqueue(Behaviour.None.With("fault", "credits"));
        (await key.PostAsync(TestKey.Hello)).Dispose();
        (await key.SpeakAsync(AudioRequests.Speech)).Dispose();
        await key.FinishedAsync();
        (await gateway.Http.GetAsync("/health/ready")).Dispose();
        await key.SettledLedgerAsync();
        _scrape = await Scrape.OfAsync(gateway);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("alerts.yml")]
    [InlineData("grafana/dashboards/llmtr.json")]
    public void EveryMetricThatIsAskedFor_IsExported(string file)
    {
        var asked = MetricsIn(Expressions(Path.Combine(Files, file)));

        asked.Should().HaveCountGreaterThan(10);
        asked.Except(_scrape.Series).Should().BeEmpty($"{file} asks for them");
    }

    [Fact]
    public void EveryMetricOfTheGateway_IsDocumented()
    {
        var page = File.ReadAllText(Find("docs/telemetry.md"));
        var own = _scrape.Series
            .Where(static name => name.StartsWith("llmtr_", StringComparison.Ordinal) || name.StartsWith("gen_ai_", StringComparison.Ordinal))
            .Select(static name => Suffix().Replace(name, "")).Distinct().ToList();

        own.Should().HaveCountGreaterThan(20);
        own.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void EveryAlert_HasARunbookLineAndItsPlaceInTheDocumentation()
    {
        var page = File.ReadAllText(Find("docs/telemetry.md"));
        var rules = File.ReadAllText(Path.Combine(Files, "alerts.yml"));
        var alerts = AlertName().Matches(rules).Select(static match => match.Groups[1].Value).ToList();

        alerts.Should().HaveCountGreaterThan(12);
        RunbookLine().Count(rules).Should().Be(alerts.Count);
        alerts.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).Should().BeEmpty();
        var tested = File.ReadAllText(Path.Combine(Files, "alerts.test.yml"));
        alerts.Where(name => !tested.Contains($"alertname: {name}\n", StringComparison.Ordinal)).Should().BeEmpty("each rule has a test");
    }

    [Fact]
    public async Task Metrics_SwitchedOff_AreNotFound()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Telemetry:Prometheus"] = "false" });

        using var response = await gateway.Http.GetAsync("/metrics");

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await response.ErrorAsync()).Type.Should().Be("not_found");
    }

    private static IEnumerable<string> Expressions(string file) => file.EndsWith(".json", StringComparison.Ordinal)
        ? Strings(JsonDocument.Parse(File.ReadAllText(file)).RootElement, "expr")
        : Expression().Matches(File.ReadAllText(file)).Select(static match => match.Groups[1].Value);

    private static IEnumerable<string> Strings(JsonElement json, string name) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member =>
            member.Name == name && member.Value.ValueKind == JsonValueKind.String ? [member.Value.GetString()!] : Strings(member.Value, name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(item => Strings(item, name)),
        _ => [],
    };

    // What Prometheus itself makes is not the gateway's: up.
    private static HashSet<string> MetricsIn(IEnumerable<string> expressions) =>
        [.. expressions.SelectMany(static text => Metric().Matches(text).Select(static match => match.Value))];

    private static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = Path.Combine(folder.FullName, path);
            if (Path.Exists(found) && File.Exists(Path.Combine(folder.FullName, "LlmTr.Orleans.sln")))
                return found;
        }

        throw new FileNotFoundException($"'{path}' is not above the tests.");
    }

    [GeneratedRegex(@"\b(?:llmtr|gen_ai_client|http_server|kestrel|orleans|dotnet|aspnetcore)_\w+")]
    private static partial Regex Metric();

    // One line, or a block that is indented further.
    [GeneratedRegex(@"^ +(?:- )?expr: (?:[>|]-?\n)?((?:.+)(?:\n {10,}.+)*)", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"_(?:bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^ +runbook: ", RegexOptions.Multiline)]
    private static partial Regex RunbookLine();
}
