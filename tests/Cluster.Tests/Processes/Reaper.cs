using System.Diagnostics;
using System.Globalization;

namespace LlmTr.Cluster.Tests.Processes;

/// <summary>
/// Sees to it that no process outlives the test host, not even one that is killed: a shell that is told every process, waits for the end of its input, which comes with the end of
/// the host, and then kills those that are left.
/// </summary>
internal sealed class Reaper : IDisposable
{
    // Told "+12" and "-12". It must not go with a Ctrl-C that it is there to clean up after.
    private const string Script = """
        trap '' INT TERM HUP
        alive=" "
        while read -r word; do
          pid=${word#?}
          case $word in
            +*) alive="$alive$pid " ;;
            -*) alive="${alive%% $pid *} ${alive#* $pid }" ;;
          esac
        done
        [ "$alive" = " " ] || kill -9 $alive 2>/dev/null
        """;

    private readonly Process _shell;
    private readonly Lock _lock = new();

    public Reaper() => _shell = Process.Start(new ProcessStartInfo("bash", ["-c", Script]) { RedirectStandardInput = true })!;

    public void Watch(int pid) => Tell('+', pid);

    public void Forget(int pid) => Tell('-', pid);

    public void Dispose()
    {
        lock (_lock)
            _shell.StandardInput.Dispose();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private void Tell(char what, int pid)
    {
        lock (_lock)
        {
            _shell.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}{pid}"));
            _shell.StandardInput.Flush();
        }
    }
}
