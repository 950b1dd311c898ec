using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>The simulator as a program of its own.</summary>
public sealed class ProgramTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Program_SaysWhereItListens_AnswersItsKey_AndEndsWithItsStdin()
    {
        using var program = Start("--key", "xai-of-a-program", "--exit-with-stdin");
        var line = await program.StandardOutput.ReadLineAsync().WaitAsync(Bound);

        line.Should().MatchRegex(@"^XaiSimulator listening on http://127\.0\.0\.1:\d+/v1$");
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Authorization", "Bearer xai-of-a-program");
        using var response = await client.GetAsync(new Uri(line!["XaiSimulator listening on ".Length..] + "/models"));
        response.StatusCode.Should().Be(HttpStatusCode.OK);

        program.StandardInput.Close();
        await program.WaitForExitAsync().WaitAsync(Bound);
        program.ExitCode.Should().Be(0);
        (await program.StandardOutput.ReadToEndAsync()).Should().BeEmpty();
        (await program.StandardError.ReadToEndAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("--colour", "'--colour' is no argument")]
    [InlineData("--port", "lacks its value")]
    [InlineData("--port 65536", "'65536' is no whole number from 0 to 65535")]
    [InlineData("--video-time soon", "'soon' is no whole number from 0 to 3600000")]
    [InlineData("--pace -1", "'-1' is no whole number")]
    public async Task Program_WithWrongArguments_EndsWithOneSentence(string arguments, string sentence)
    {
        using var program = Start(arguments.Split(' '));

        await program.WaitForExitAsync().WaitAsync(Bound);

        program.ExitCode.Should().Be(2);
        (await program.StandardError.ReadToEndAsync()).TrimEnd().Should().Contain(sentence).And.NotContain("\n");
    }

    [Fact]
    public async Task Program_OnATakenPort_EndsWithOneSentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var program = Start("--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}");

        await program.WaitForExitAsync().WaitAsync(Bound);

        program.ExitCode.Should().Be(1);
        (await program.StandardError.ReadToEndAsync()).TrimEnd().Should().Contain("cannot listen on port").And.NotContain("\n");
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Simulator).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
