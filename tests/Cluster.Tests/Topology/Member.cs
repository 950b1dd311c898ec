using System.Globalization;
using LlmTr.Cluster.Tests.Processes;

namespace LlmTr.Cluster.Tests.Topology;

/// <summary>A silo or a front end: a process with a name and a place, which is ended and started again.</summary>
internal sealed class Member(string name, string program, int port, string log, Reaper reaper, HttpClient http, IReadOnlyDictionary<string, string?> environment) : IAsyncDisposable
{
    private static readonly TimeSpan MostToBeReady = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    private ChildProcess? _process;

    public string Name => name;

    /// <summary>The path of the program; another build takes effect with the next start.</summary>
    public string Program { get; set; } = program;

    /// <summary>Where it answers HTTP.</summary>
    public Uri BaseUrl { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    /// <summary>Where other silos reach it; null for a front end.</summary>
    public int? SiloPort => environment.TryGetValue("Cluster__SiloPort", out var value) ? int.Parse(value!, CultureInfo.InvariantCulture) : null;

    private ChildProcess Process => _process ?? throw new InvalidOperationException($"{name} was not started.");

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts it, and does not wait for anything.</summary>
    public void Start()
    {
        if (IsRunning)
            throw new InvalidOperationException($"{name} is running.");
        _process = ChildProcess.Start(log, reaper, environment, "dotnet", Program);
    }

    /// <summary>Returns when it says that it is ready.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(MostToBeReady);
        try
        {
            while (!await IsReadyAsync(limit.Token))
            {
                if (!IsRunning)
                    throw new InvalidOperationException($"{name} ended when it should become ready.\n{LogTail()}");
                await Task.Delay(AskEvery, limit.Token);
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"{name} is not ready after {MostToBeReady.TotalSeconds:F0} s.\n{LogTail()}", exception);
        }
    }

    public Task KillAsync() => Process.KillAsync();

    /// <summary>SIGTERM; returns when it has gone, and fails where it did not go as a program should.</summary>
    public async Task TerminateAsync()
    {
        await Process.TerminateAsync();
        if (Process.ExitCode != 0)
            throw new InvalidOperationException($"{name} was told to stop and ended with {Process.ExitCode}.\n{LogTail()}");
    }

    public Task PauseAsync() => Process.SignalAsync("STOP");

    public Task ResumeAsync() => Process.SignalAsync("CONT");

    /// <summary>Returns when it has ended by itself.</summary>
    public Task WaitForEndAsync() => Process.WaitForEndAsync();

    /// <summary>The end of what it said.</summary>
    public string LogTail(int lines = 25) => File.Exists(log) ? $"--- {name}\n{string.Join('\n', File.ReadLines(log).TakeLast(lines))}" : $"--- {name} said nothing";

    /// <summary>All that it said, in all its lives.</summary>
    public IEnumerable<string> Log => File.Exists(log) ? File.ReadLines(log) : [];

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(BaseUrl, "/health/ready"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
