using System.Runtime.InteropServices;
using LlmTr.Bench;
using LlmTr.Bench.Processes;

// Run by run.sh, which has installed and built what is needed, in the repository's root.
using var ended = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
const string Results = "artifacts/bench";
Directory.CreateDirectory(Results);
var workplace = new Workplace(Path.Combine(Results, "work"));
try
{
    return args is ["--small"]
        ? await SmallRun.RunAsync(workplace, Results, ended.Token)
        : await FullRun.RunAsync(workplace, Results, only: args is ["--only", .. var names] ? names : null, ended.Token);
}
catch (Exception exception) when (Telling.IsFailure(exception))
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Ended before the end.");
    return 130;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.Cancel();
}
