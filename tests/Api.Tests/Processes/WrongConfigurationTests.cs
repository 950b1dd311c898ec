using System.Net;
using System.Net.Sockets;
using LlmTr.Silo.Sqlite;

namespace LlmTr.Api.Tests.Processes;

/// <summary>Wrong configuration stops the start with one clear sentence that names it.</summary>
public sealed class WrongConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmtr-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("PORT", "abc", "PORT is 'abc'")]
    [InlineData("PORT", "70000", "PORT is '70000'")]
    [InlineData("PORT", "-1", "PORT is '-1'")]
    [InlineData("XAI_BASE_URL", "ftp://x", "XAI_BASE_URL is 'ftp://x'")]
    [InlineData("XAI_BASE_URL", "nonsense", "XAI_BASE_URL is 'nonsense'")]
    [InlineData("XAI_API_KEY", "with space", "XAI_API_KEY must be")]
    [InlineData("LLMTR_SIGNING_SECRET", "short", "LLMTR_SIGNING_SECRET must have at least 32 characters")]
    [InlineData("LLMTR_MODELS", "/nowhere/models.json", "The catalogue cannot be used")]
    [InlineData("LLMTR_DATA", "/proc/nowhere", "The data folder '/proc/nowhere' cannot be written")]
    [InlineData("Metering__TextLimit", "00:00:00", "Metering:")]
    [InlineData("Accounts__AppendTimeout", "01:00:00", "Accounts:AppendTimeout")]
    [InlineData("Metering__TextLimit", "abc", "Metering:TextLimit is 'abc', but must be a time such as 00:01:30")]
    [InlineData("Metering__TextLimit", "30", "Metering:TextLimit is '30'")]
    [InlineData("Metering__MaxCallsInFlight", "many", "Metering:MaxCallsInFlight is 'many', but must be a whole number")]
    [InlineData("Accounts__SnapshotEvery", "x", "Accounts:SnapshotEvery is 'x'")]
    [InlineData("Video__KeepFiles", "7d", "Video:KeepFiles is '7d'")]
    [InlineData("Video__LinkLifetime", "24:00:00", "Video:LinkLifetime is '24:00:00', but must be a time such as 00:01:30, with hours up to 23; a day is written 1.00:00:00")]
    [InlineData("Audio__SpooledBytes", "8GB", "Audio:SpooledBytes is '8GB'")]
    [InlineData("Shutdown__Drain", "ten", "Shutdown:Drain is 'ten'")]
    [InlineData("Readiness__Grace", "ten", "Readiness:Grace is 'ten'")]
    [InlineData("Media__Hosts__0", "https://x", "Media:Hosts must be names of hosts")]
    [InlineData("Telemetry__Otlp", "perhaps", "Telemetry:Otlp is 'perhaps'")]
    [InlineData("Cluster__Dashboard", "perhaps", "Cluster:Dashboard is 'perhaps'")]
    [InlineData("Cors__Origins", "nonsense", "Cors:Origins has 'nonsense'")]
    [InlineData("Logging__LogLevel__Default", "loud", "Logging:LogLevel:Default is 'loud', but must be one of Trace")]
    public async Task WrongValue_StopsTheStartWithOneSentence(string name, string value, string says) =>
        await ShouldStopAsync(says, (name, value));

    [Fact]
    public async Task WrongValues_InTwoSections_AreBothNamed()
    {
        (string, string)[] wrong = [("Readiness__Grace", "01:00:00"), ("Audio__UploadLimit", "00:00:00")];

        await ShouldStopAsync("Readiness:Grace must be", wrong);
        await ShouldStopAsync("Audio: SpooledBytes must be", wrong);
    }

    [Fact]
    public async Task EmptyValues_CountAsUnset()
    {
        string[] names =
        [
            "Metering__TextLimit", "Metering__MaxCallsInFlight", "Accounts__SnapshotEvery", "Accounts__AppendTimeout", "Video__KeepFiles", "Video__PublicBaseUrl", "Video__LinkLifetime", "Audio__SpooledBytes",
            "Shutdown__Drain", "Readiness__Grace", "Media__Hosts__0", "Media__InsecureAuthority", "Telemetry__Otlp", "Telemetry__Prometheus", "Logs__Format", "Cluster__Mode", "Cluster__Dashboard", "Cors__Origins", "HOST",
            "LLMTR_MODELS", "Logging__LogLevel__Default",
        ];
        await using var gateway = await GatewayProcess.StartAsync(
            new Uri("http://127.0.0.1:1/v1"), "xai-test", Path.Combine(_folder, "right"), [.. names.Select(static name => (name, ""))]);

        using var answer = await gateway.Http.GetAsync("/health/live");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("not json", "models.json: not valid JSON at line 1")]
    [InlineData("""{"models":[],"retired":[]}""", "'models' must hold at least one model")]
    [InlineData("""{"models":[{"id":"grok"}],"retired":[]}""", "'id' must be 'xai/'")]
    public async Task MalformedCatalogue_StopsTheStartWithOneSentence(string catalogue, string says)
    {
        var file = Path.Combine(_folder, "models.json");
        await File.WriteAllTextAsync(file, catalogue);
        await ShouldStopAsync(says, ("LLMTR_MODELS", file));
    }

    [Fact]
    public async Task FileInPlaceOfTheDataFolder_StopsTheStartWithOneSentence()
    {
        var file = Path.Combine(_folder, "data");
        await File.WriteAllTextAsync(file, "");
        await ShouldStopAsync($"The data folder '{file}' cannot be written", ("LLMTR_DATA", file));
    }

    [Fact]
    public async Task PortInUse_StopsTheStartWithOneSentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await ShouldStopAsync($"Port {port} on 127.0.0.1 cannot be used (Address already in use)", ("PORT", $"{port}"));
    }

    [Fact]
    public async Task DataFolderOfAnotherGateway_StopsTheStartWithOneSentence()
    {
        using var other = DataFolder.Open(_folder);
        await ShouldStopAsync("is in use by another gateway", ("LLMTR_DATA", _folder));
    }

    private async Task ShouldStopAsync(string says, params (string Name, string Value)[] environment)
    {
        (string Name, string Value)[] right = [("PORT", "0"), ("XAI_API_KEY", "xai-test"), ("LLMTR_DATA", Path.Combine(_folder, "right"))];
        await using var gateway = GatewayProcess.Start([.. right, .. environment]);
        var (exitCode, errors) = await gateway.EndAsync();

        exitCode.Should().Be(1);
        errors.Trim().Split('\n').Should().ContainSingle("one sentence is enough: {0}", errors);
        errors.Should().Contain(says);
    }
}
