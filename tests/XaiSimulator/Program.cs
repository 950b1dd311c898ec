using System.Runtime.InteropServices;

namespace LlmTr.XaiSimulator;

/// <summary>The simulator as a program of its own. Standard output carries one line, which says where it listens.</summary>
internal static class Program
{
    private const int BadArguments = 2;
    private const int CannotListen = 1;

    private static async Task<int> Main(string[] arguments)
    {
        CommandLine line;
        try
        {
            line = CommandLine.Parse(arguments);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return BadArguments;
        }

        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            await using var simulator = await Simulator.StartAsync(line.Options);
            await Console.Out.WriteLineAsync($"XaiSimulator listening on {simulator.BaseUrl}");
            await (line.ExitWithStdin ? Task.WhenAny(stop.Task, EndOfStdinAsync()) : stop.Task);
            return 0;
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"XaiSimulator cannot listen on port {line.Options.Port}: {exception.Message} Choose another --port.");
            return CannotListen;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }

    private static async Task EndOfStdinAsync()
    {
        await using var stdin = Console.OpenStandardInput();
        await stdin.CopyToAsync(Stream.Null);
    }
}
