using System.Diagnostics;
using LlmTr.Silo.Hosting;

namespace LlmTr.Api.Demo;

/// <summary>
/// <c>tests/XaiSimulator</c> as a child process, for a gateway that was given no xAI. It ends when this process does, however that ends: the
/// child stops at the end of its input.
/// </summary>
internal sealed class DemoSimulator : IAsyncDisposable
{
    /// <summary>The simulator accepts one key, as xAI would.</summary>
    public const string ApiKey = "xai-simulated";

    private const string Project = "XaiSimulator";
    private const string ReadyLine = "XaiSimulator listening on ";

    // A first start builds it where it was not built with the gateway.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private DemoSimulator(Process process, Uri baseUrl) => (_process, BaseUrl) = (process, baseUrl);

    /// <summary>The simulator's address, path included.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <exception cref="StartupException">It is not there (a published program has none) or does not start.</exception>
    public static async Task<DemoSimulator> StartAsync()
    {
        var process = Process.Start(Command())
            ?? throw new StartupException("The xAI simulator could not be started. Set XAI_API_KEY to use xAI itself.");
        try
        {
            using var limit = new CancellationTokenSource(StartLimit);
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(ReadyLine, StringComparison.Ordinal))
                    return new DemoSimulator(process, new Uri(line[ReadyLine.Length..].Trim()));
            }
        }
        catch (OperationCanceledException)
        {
            // Told below, together with a simulator that has ended.
        }

        process.Kill(entireProcessTree: true);
        process.Dispose();
        throw new StartupException("The xAI simulator did not start. Build the solution first, or set XAI_API_KEY to use xAI itself.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            using var limit = new CancellationTokenSource(StopLimit);
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Command()
    {
        var folder = Path.Combine(Repository(), "tests", Project);

        // Built beside this program, in the same configuration: bin/<configuration>/<framework>.
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var built = Path.Combine(folder, "bin", output.Parent!.Name, output.Name, $"LlmTr.{Project}.dll");
        string[] start = File.Exists(built) ? [built] : ["run", "--project", folder, "--"];
        return new ProcessStartInfo("dotnet", [.. start, "--key", ApiKey, "--exit-with-stdin"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LlmTr.Orleans.sln")))
                return folder.FullName;
        }

        throw new StartupException("XAI_API_KEY is not set, and there is no simulator beside this program. Set XAI_API_KEY to the platform's key at xAI.");
    }
}
