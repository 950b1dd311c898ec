using System.Net;
using System.Text.Json;
using LlmTr.Cluster.Tests.Processes;

namespace LlmTr.Api.Tests.Processes;

/// <summary>A front end of a cluster, as far as it can be seen without one: it starts, says that it is not ready, and goes when told to.</summary>
public sealed class FrontEndTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("llmtr-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WithoutRedis_Starts_LivesAndIsNotReady_AndEndsInOrder()
    {
        var port = FreePorts.Next();
        await using var frontEnd = GatewayProcess.Start([.. Right(port), ("Cluster__Redis", $"127.0.0.1:{FreePorts.Next()}")]);
        frontEnd.Http.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        await WaitUntilLiveAsync(frontEnd.Http);

        using var ready = await frontEnd.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));

        ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        ready.Headers.RetryAfter.Should().NotBeNull();
        JsonSerializer.Deserialize<JsonElement>(await ready.Content.ReadAsStringAsync())
            .GetProperty("error").GetProperty("message").GetString().Should().Contain("has not found the cluster yet");

        await frontEnd.TerminateAsync();
        (await frontEnd.EndAsync()).ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("Cluster__Mode", "Zookeeper", "Cluster:Mode is 'Zookeeper'")]
    [InlineData("Cluster__Redis", "", "Cluster:Redis is not set")]
    [InlineData("Cluster__Redis", "host:1,nonsense=1", "Cluster:Redis cannot be read")]
    [InlineData("Cluster__Address", "here", "Cluster:Address is 'here'")]
    [InlineData("Cluster__GatewayPort", "0", "Cluster:GatewayPort is '0'")]
    [InlineData("Cluster__Dashboard", "yes", "Cluster:Dashboard is 'yes'")]
    [InlineData("HOST", "localhost", "HOST is 'localhost'")]
    [InlineData("Shutdown__Drain", "01:00:00", "Shutdown:Drain must be")]
    [InlineData("LLMTR_ADMIN_TOKEN", "", "LLMTR_ADMIN_TOKEN is not set")]
    [InlineData("LLMTR_SIGNING_SECRET", "", "LLMTR_SIGNING_SECRET is not set")]
    [InlineData("XAI_API_KEY", "", "XAI_API_KEY is not set")]
    [InlineData("Azure__ConnectionString", "", "Azure:ConnectionString")]
    public async Task WrongValue_StopsTheStartWithOneSentence(string name, string value, string says)
    {
        await using var frontEnd = GatewayProcess.Start([.. Right(0), (name, value)]);
        var (exitCode, errors) = await frontEnd.EndAsync();

        exitCode.Should().Be(1);
        errors.Trim().Split('\n').Should().ContainSingle("one sentence is enough: {0}", errors);
        errors.Should().Contain(says);
    }

    private static async Task WaitUntilLiveAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var live = await http.GetAsync(new Uri("/health/live", UriKind.Relative), limit.Token);
                live.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
    }

    // Nothing listens at the Azure address: a front end touches storage at a request that needs it only.
    private (string Name, string Value)[] Right(int port) =>
    [
        ("Cluster__Mode", "Redis"),
        ("Cluster__Redis", "127.0.0.1:1"),
        ("Azure__ConnectionString", "UseDevelopmentStorage=true"),
        ("PORT", $"{port}"),
        ("XAI_API_KEY", "xai-test"),
        ("LLMTR_DATA", Path.Combine(_folder, "spool")),
        ("LLMTR_SIGNING_SECRET", "ssssssssssssssssssssssssssssssss"),
    ];
}
