using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmTr.Cluster.Tests.Processes;
using LlmTr.XaiSimulator;

namespace LlmTr.Cluster.Tests.Topology;

/// <summary>A whole gateway of real processes: Redis, storage, silos, front ends; xAI is the simulator inside the test.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string AdminToken = "admin-token-of-the-tests";

    private const string ClusterId = "chaos";
    private const string SigningSecret = "signing-secret-of-the-tests-0123456789";

    private readonly string _folder = Directory.CreateTempSubdirectory("llmtr-cluster-").FullName;
    private readonly Reaper _reaper = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private TestCluster(ClusterBuild build, int silos, int frontEnds)
    {
        Redis = new Redis(_folder, _reaper);
        Storage = new Storage(_folder, _reaper);
        _build = (build, silos, frontEnds);
    }

    private readonly (ClusterBuild Build, int Silos, int FrontEnds) _build;

    public Redis Redis { get; }

    public Storage Storage { get; }

    public Simulator Xai { get; private set; } = null!;

    public IReadOnlyList<Member> Silos { get; private set; } = [];

    public IReadOnlyList<Member> FrontEnds { get; private set; } = [];

    public IEnumerable<Member> Members => [.. Silos, .. FrontEnds];

    /// <summary>Starts everything; returns when all are ready.</summary>
    public static async Task<TestCluster> StartAsync(ClusterBuild build, int silos, int frontEnds)
    {
        var cluster = new TestCluster(build, silos, frontEnds);
        try
        {
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when every silo and front end is ready.</summary>
    public async Task WaitUntilReadyAsync()
    {
        foreach (var member in Members)
            await member.WaitUntilReadyAsync();
    }

    public Task<GrainPlaces> ConnectAsync() => GrainPlaces.ConnectAsync(Redis.Address, ClusterId);

    /// <summary>Asks as an operator, at whatever front end answers first.</summary>
    public async Task<HttpResponseMessage> AdminAsync(HttpMethod method, string path, string? body = null, string? accept = null)
    {
        for (var i = 0; ; i++)
        {
            using var request = new HttpRequestMessage(method, new Uri(FrontEnds[i % FrontEnds.Count].BaseUrl, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
            if (accept is not null)
                request.Headers.Accept.ParseAdd(accept);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            try
            {
                var answer = await _http.SendAsync(request);
                answer.EnsureSuccessStatusCode();
                return answer;
            }
            catch (HttpRequestException) when (i < 20)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }
        }
    }

    /// <summary>The same, for JSON.</summary>
    public async Task<JsonElement> AdminJsonAsync(HttpMethod method, string path, string? body = null)
    {
        using var answer = await AdminAsync(method, path, body);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The ends of all that the programs said.</summary>
    public string LogTails() => string.Join('\n', Members.Select(static member => member.LogTail()));

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
            await member.DisposeAsync();
        await Storage.DisposeAsync();
        await Redis.DisposeAsync();
        _reaper.Dispose();
        _http.Dispose();
        if (Xai is not null)
            await Xai.DisposeAsync();

        // Whoever looks into a failure wants what the programs said.
        if (Environment.GetEnvironmentVariable("CHAOS_KEEP") is { Length: > 0 } keep)
            Directory.Move(_folder, Path.Combine(Directory.CreateDirectory(keep).FullName, Path.GetFileName(_folder)));
        else
            Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        Xai = await Simulator.StartAsync(new SimulatorOptions
        {
            Pace = TimeSpan.FromMilliseconds(5),
            VideoTime = TimeSpan.FromSeconds(3),
            KeptRequests = int.MaxValue,
            KeptBytes = long.MaxValue,
        });
        await Redis.StartAsync();
        await Storage.StartAsync();
        Silos = [.. Enumerable.Range(1, _build.Silos).Select(NewSilo)];
        FrontEnds = [.. Enumerable.Range(1, _build.FrontEnds).Select(NewFrontEnd)];
        foreach (var member in Members)
            member.Start();
        await WaitUntilReadyAsync();
    }

    private Member NewSilo(int number)
    {
        var port = FreePorts.Next();
        return NewMember($"silo{number}", _build.Build.Silo, port, new(Common(port))
        {
            ["Cluster__Address"] = "127.0.0.1",
            ["Cluster__SiloPort"] = Text(FreePorts.Next()),
            ["Cluster__GatewayPort"] = Text(FreePorts.Next()),

            // Deadlines that come within the test.
            ["Video__SubmitLimit"] = "00:00:10",
            ["Video__SubmitMargin"] = "00:00:10",
            ["Video__FirstPoll"] = "00:00:00.500",
            ["Video__LongestPoll"] = "00:00:02",
        });
    }

    private Member NewFrontEnd(int number)
    {
        var port = FreePorts.Next();
        return NewMember($"front{number}", _build.Build.FrontEnd, port, new(Common(port))
        {
            ["LLMTR_ADMIN_TOKEN"] = AdminToken,
            ["LLMTR_SIGNING_SECRET"] = SigningSecret,
            ["LLMTR_DATA"] = Path.Combine(_folder, $"front{number}"),
            ["Shutdown__Drain"] = "00:00:02",
            ["Metering__TextLimit"] = "00:00:10",
            ["Metering__MediaLimit"] = "00:00:10",
            ["Audio__SpeechLimit"] = "00:00:10",
            ["Metering__ClientPatience"] = "00:00:10",
            ["Metering__SettleRetries"] = "00:00:20",
        });
    }

    private Dictionary<string, string?> Common(int port) => new()
    {
        ["PORT"] = Text(port),
        ["HOST"] = "127.0.0.1",
        ["XAI_API_KEY"] = Xai.ApiKey,
        ["XAI_BASE_URL"] = Xai.BaseUrl.ToString(),
        ["LLMTR_MODELS"] = null,
        ["LLMTR_SIGNING_SECRET_PREVIOUS"] = null,
        ["Cluster__Mode"] = "Redis",
        ["Cluster__Redis"] = Redis.Address,
        ["Cluster__ClusterId"] = ClusterId,
        ["Azure__ConnectionString"] = Storage.ConnectionString,
    };

    private Member NewMember(string name, string program, int port, Dictionary<string, string?> environment) =>
        new(name, program, port, Path.Combine(_folder, $"{name}.log"), _reaper, _http, environment);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
