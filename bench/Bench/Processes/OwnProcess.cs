using System.Diagnostics;

namespace LlmTr.Bench.Processes;

/// <summary>A program that this one started. It ends with all its children when it is disposed of: nothing that it did is wanted any more.</summary>
internal sealed class OwnProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _log;

    private OwnProcess(string name, Process process, string log) => (Name, _process, _log) = (name, process, log);

    public string Name { get; }

    /// <summary>Starts it, with what it says in a file of its name in the folder of logs.</summary>
    public static OwnProcess Start(string name, string logs, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var log = Path.Combine(logs, name + ".log");
        // The shell puts the output into the file and is then replaced, so that the pid is the program's.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, .. command]);
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;
        return new OwnProcess(name, Process.Start(start)!, log);
    }

    /// <summary>What it and its children have taken of the machine.</summary>
    public ProcessUse Use() => ProcessUse.OfTree(_process.Id);

    /// <summary>Waits until something answers at an address, whatever the answer.</summary>
    /// <exception cref="BenchException">It has ended, or nothing answered for two minutes.</exception>
    public async Task AnswersAsync(Uri address, CancellationToken cancellation, bool mustSucceed = false)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(2))
        {
            if (_process.HasExited)
                throw new BenchException($"{Name} ended as it started; see {_log}.");
            try
            {
                using var answer = await http.GetAsync(address, cancellation);
                if (!mustSucceed || answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception exception) when (Telling.IsFailure(exception))
            {
                // Not yet; or not in time, as of a program that takes connections before it is able to answer. Neither is the end of the run.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
        throw new BenchException($"{Name} does not answer at {address}; see {_log}.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
