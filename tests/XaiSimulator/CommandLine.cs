using System.Globalization;

namespace LlmTr.XaiSimulator;

/// <summary>The program's arguments.</summary>
/// <param name="Options">What they say of the simulator.</param>
/// <param name="ExitWithStdin">Stop when standard input ends, so that the program dies with its parent.</param>
internal sealed record CommandLine(SimulatorOptions Options, bool ExitWithStdin)
{
    /// <summary>The one line of help.</summary>
    public const string Usage = "XaiSimulator [--port N] [--key K] [--pace MILLISECONDS] [--video-time MILLISECONDS] [--exit-with-stdin]";

    // Long enough to watch it, and no more: a real clip of a second took 150.
    private static readonly TimeSpan UsualVideoTime = TimeSpan.FromSeconds(5);

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">One is unknown, or has a wrong value or none.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine(new SimulatorOptions { VideoTime = UsualVideoTime }, false);
        for (var i = 0; i < arguments.Count; i++)
        {
            line = arguments[i] switch
            {
                "--port" => line with { Options = line.Options with { Port = Number(65535) } },
                "--key" => line with { Options = line.Options with { ApiKey = Value() } },
                "--pace" => line with { Options = line.Options with { Pace = TimeSpan.FromMilliseconds(Number(60_000)) } },
                "--video-time" => line with { Options = line.Options with { VideoTime = TimeSpan.FromMilliseconds(Number(3_600_000)) } },
                "--exit-with-stdin" => line with { ExitWithStdin = true },
                var other => throw new FormatException($"'{other}' is no argument of the simulator: {Usage}"),
            };

            string Value() => ++i < arguments.Count && arguments[i].Length > 0
                ? arguments[i]
                : throw new FormatException($"An argument lacks its value: {Usage}");

            int Number(int most) => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
                ? number
                : throw new FormatException($"'{arguments[i]}' is no whole number from 0 to {most}: {Usage}");
        }

        return line;
    }
}
