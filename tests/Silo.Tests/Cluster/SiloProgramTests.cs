using System.Diagnostics;

namespace LlmTr.Silo.Tests.Cluster;

/// <summary>Wrong configuration stops the start of a silo with one clear sentence that names it.</summary>
public sealed class SiloProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("Cluster__Mode", "", "Cluster:Mode is not Redis")]
    [InlineData("Cluster__Mode", "Zookeeper", "Cluster:Mode is 'Zookeeper'")]
    [InlineData("Cluster__Redis", "", "Cluster:Redis is not set")]
    [InlineData("Cluster__SiloPort", "99999", "Cluster:SiloPort is '99999'")]
    [InlineData("PORT", "abc", "PORT is 'abc'")]
    [InlineData("HOST", "localhost", "HOST is 'localhost'")]
    [InlineData("XAI_API_KEY", "", "XAI_API_KEY is not set")]
    [InlineData("XAI_BASE_URL", "ftp://x", "XAI_BASE_URL is 'ftp://x'")]
    [InlineData("Accounts__AppendTimeout", "01:00:00", "Accounts:AppendTimeout must be")]
    [InlineData("Azure__ConnectionString", "", "Azure:ConnectionString")]
    [InlineData("Video__KeepFiles", "7d", "Video:KeepFiles is '7d', but must be a time such as 00:01:30")]
    [InlineData("Video__MaxPollsInFlight", "many", "Video:MaxPollsInFlight is 'many'")]
    [InlineData("Accounts__LoadTimeout", "20", "Accounts:LoadTimeout is '20'")]
    [InlineData("Azure__Ledger__RollAtBlocks", "x", "Azure:Ledger:RollAtBlocks is 'x'")]
    [InlineData("Telemetry__Otlp", "perhaps", "Telemetry:Otlp is 'perhaps'")]
    [InlineData("Logging__LogLevel__Default", "loud", "Logging:LogLevel:Default is 'loud'")]
    public async Task WrongValue_StopsTheStartWithOneSentence(string name, string value, string says)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "LlmTr.Silo.dll")]) { RedirectStandardError = true };
        start.Environment["Cluster__Mode"] = "Redis";
        start.Environment["Cluster__Redis"] = "127.0.0.1:1";
        start.Environment["Azure__ConnectionString"] = "UseDevelopmentStorage=true";
        start.Environment["XAI_API_KEY"] = "xai-test";
        start.Environment["PORT"] = "0";
        start.Environment[name] = value;
        using var silo = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);

        try
        {
            var errors = await silo.StandardError.ReadToEndAsync(limit.Token);
            await silo.WaitForExitAsync(limit.Token);

            silo.ExitCode.Should().Be(1);
            errors.Trim().Split('\n').Should().ContainSingle("one sentence is enough: {0}", errors);
            errors.Should().Contain(says);
        }
        finally
        {
            if (!silo.HasExited)
                silo.Kill();
        }
    }
}
