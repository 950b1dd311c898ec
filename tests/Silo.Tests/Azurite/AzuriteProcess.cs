using System.Diagnostics;
using System.Globalization;
using LlmTr.Cluster.Tests.Processes;
using LlmTr.Silo.Tests.Ledgers;

namespace LlmTr.Silo.Tests.Azurite;

/// <summary>A storage account of one's own on this machine: Azurite as a process, its data in a folder that goes with it. It can be ended, killed and started again over the same data.</summary>
internal sealed class AzuriteProcess : IDisposable
{
    /// <summary>The environment variable that names the command: <c>azurite-blob</c>, with its path and perhaps arguments before ours. Without it the tests that need Azurite are skipped.</summary>
    public const string Variable = "LLMTR_TEST_AZURITE";

    // Azurite's own account and key, the same everywhere and known to all.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan MostToStart = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _data = new();
    private readonly int _port = FreePorts.Next();
    private Process? _process;

    public static string? Command => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } command ? command : null;

    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{_port}/{Account};");

    /// <summary>Starts it, and returns when it answers.</summary>
    public async Task StartAsync()
    {
        var words = File.Exists(Command) ? [Command] : Command!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _process = Process.Start(new ProcessStartInfo(
            words[0],
            [.. words[1..], "--blobHost", "127.0.0.1", "--blobPort", _port.ToString(CultureInfo.InvariantCulture), "--location", _data.Path, "--silent", "--skipApiVersionCheck", "--disableTelemetry"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, said) =>
        {
            if (said.Data is null)
                ready.TrySetException(new InvalidOperationException("Azurite ended before it was ready."));
            else if (said.Data.Contains("successfully listen", StringComparison.Ordinal))
                ready.TrySetResult();
        };

        // Read to its end all the same: a full pipe would stop it.
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(MostToStart);
    }

    /// <summary>Ends it, and returns when it has gone. Killed, it loses what it has answered and not yet written.</summary>
    public async Task StopAsync(bool kill = false)
    {
        if (_process is not { } process)
            return;
        _process = null;
        using (process)
        {
            if (kill)
                process.Kill(entireProcessTree: true);
            else
                await Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExitAsync();
            await process.WaitForExitAsync();
        }
    }

    public void Dispose()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _data.Dispose();
    }
}
