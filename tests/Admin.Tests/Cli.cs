using System.Diagnostics;
using System.Text.Json;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Admin.Tests;

/// <summary><c>llmtr-admin</c> as the program that it is.</summary>
internal static class Cli
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs the program against a gateway, with its token.</summary>
    public static Task<CliResult> RunAsync(TestGateway gateway, params string[] args) =>
        RunAsync(args, ("LLMTR_URL", gateway.Http.BaseAddress!.ToString()), ("LLMTR_ADMIN_TOKEN", TestGateway.AdminToken), ("LLMTR_ACTOR", "tester"));

    /// <summary>Runs the program with nothing of its own in the environment but what is given.</summary>
    public static async Task<CliResult> RunAsync(string[] args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "LlmTr.Admin.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in (string[])["LLMTR_URL", "LLMTR_ADMIN_TOKEN", "LLMTR_ACTOR"])
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CliResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}

/// <summary>How the program ended.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Its answer to <c>--json</c>; fails when it did not succeed.</summary>
    public JsonElement Json()
    {
        ExitCode.Should().Be(0, Errors);
        Errors.Should().BeEmpty();
        return JsonSerializer.Deserialize<JsonElement>(Output);
    }
}
