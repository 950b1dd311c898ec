using System.Diagnostics;
using System.Globalization;

namespace LlmTr.Cluster.Tests.Processes;

/// <summary>A process of the test's: what it says goes into a file, signals can be sent to it, and it goes with the test.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan MostToEnd = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Reaper _reaper;

    private ChildProcess(Process process, Reaper reaper) => (_process, _reaper) = (process, reaper);

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program and does not wait for anything.</summary>
    /// <param name="log">The file that gets all that it says, behind what is there.</param>
    /// <param name="reaper">Kills it when nobody else does.</param>
    /// <param name="environment">What is added to this process's own environment; null takes a variable away.</param>
    /// <param name="command">The program and its arguments.</param>
    public static ChildProcess Start(string log, Reaper reaper, IEnumerable<KeyValuePair<string, string?>> environment, params string[] command)
    {
        // The shell becomes the program: the id is the program's own.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, .. command]);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        reaper.Watch(process.Id);
        return new ChildProcess(process, reaper);
    }

    /// <summary><c>kill -9</c>; returns when it has gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await WaitForEndAsync();
    }

    /// <summary>Sends a signal and does not wait.</summary>
    /// <param name="signal">Its name without SIG.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGTERM; returns when it has gone.</summary>
    public async Task TerminateAsync()
    {
        await SignalAsync("TERM");
        await WaitForEndAsync();
    }

    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task WaitForEndAsync()
    {
        using var limit = new CancellationTokenSource(MostToEnd);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"Process {_process.Id} did not end within {MostToEnd.TotalSeconds:F0} s.", exception);
        }

        _reaper.Forget(_process.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
