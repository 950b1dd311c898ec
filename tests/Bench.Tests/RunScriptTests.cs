using System.Diagnostics;
using System.Runtime.Versioning;

namespace LlmTr.Bench.Tests;

/// <summary>bench/run.sh with a program in .NET's place: what it ends with is what the benchmark ended with.</summary>
[SupportedOSPlatform("linux")]
public sealed class RunScriptTests : IDisposable
{
    private readonly DirectoryInfo _tools = Directory.CreateTempSubdirectory("bench");

    public RunScriptTests()
    {
        Tool("wrk", "exit 0");
        Tool("nginx", "exit 0");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RunScript_EndsWithTheExitCodeOfTheBenchmark(int code)
    {
        Tool("dotnet", $"[ \"$1\" = build ] || exit {code}");
        using var script = Start();

        await script.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        script.ExitCode.Should().Be(code);
    }

    [Fact]
    public async Task RunScript_ThatIsEnded_LeavesNothingRunning()
    {
        var pid = Path.Combine(_tools.FullName, "pid");
        Tool("dotnet", $"[ \"$1\" = build ] && exit\nsleep 300 & echo $! >'{pid}.new'; mv '{pid}.new' '{pid}'; trap 'exit 130' TERM; wait");
        using var script = Start();
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
        {
            while (!File.Exists(pid))
                await Task.Delay(20, limit.Token);
        }

        using var started = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pid), System.Globalization.CultureInfo.InvariantCulture));

        using (var kill = Process.Start("kill", ["-TERM", $"{script.Id}"]))
            await kill.WaitForExitAsync();

        await started.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await script.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        script.ExitCode.Should().NotBe(0);
    }

    public void Dispose() => _tools.Delete(recursive: true);

    private void Tool(string name, string does)
    {
        var path = Path.Combine(_tools.FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{does}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Process Start()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "LlmTr.Orleans.sln")))
            root = root.Parent;
        var start = new ProcessStartInfo("bash", [Path.Combine(root.FullName, "bench", "run.sh"), "--small"]) { WorkingDirectory = _tools.FullName };
        start.Environment["PATH"] = $"{_tools.FullName}:{start.Environment["PATH"]}";
        return Process.Start(start)!;
    }
}
