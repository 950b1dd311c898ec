using System.Diagnostics;
using System.Text.Json;
using LlmTr.Client.Tests.Running;

namespace LlmTr.Client.Tests.Npm;

/// <summary>
/// A Node process that runs the scenarios of one client as it is told, one at a time: a line of JSON in, a line of JSON out. It ends with its standard input, so
/// it cannot outlive the tests.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NodeProcess(DirectoryInfo folder, Process process)
    {
        (_folder, _process) = (folder, process);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the scripts of a client, in a folder of their own where Node finds the installed packages.</summary>
    public static NodeProcess Start(string client)
    {
        var folder = Directory.CreateTempSubdirectory("llmtr-npm-");
        foreach (var script in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "npm"), "*.mjs"))
            File.Copy(script, Path.Combine(folder.FullName, Path.GetFileName(script)));
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "node_modules"), Path.GetFullPath(Path.Combine(NpmClients.Folder!, "node_modules")));
        var start = new ProcessStartInfo("node", ["serve.mjs", client])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new NodeProcess(folder, Process.Start(start)!);
    }

    /// <summary>Runs one scenario; fails with the message of the script.</summary>
    public async Task RunAsync(string name, Scenario scenario)
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { scenario = name, baseUrl = scenario.BaseUrl, key = scenario.Key, poorKey = scenario.PoorKey }));
        await _process.StandardInput.FlushAsync(limit.Token);
        var line = await _process.StandardOutput.ReadLineAsync(limit.Token);
        if (line is null)
            Assert.Fail($"Node ended in the scenario '{name}': {await _errors}");
        var answer = JsonSerializer.Deserialize<JsonElement>(line);
        answer.GetProperty("scenario").GetString().Should().Be(name);
        if (answer.GetProperty("error").GetString() is { } error)
            Assert.Fail($"{name}: {error}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // A scenario that hangs has failed its test already.
            _process.Kill();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
