using System.Diagnostics;
using System.Globalization;
using LlmTr.Silo.Sqlite;

namespace LlmTr.Silo.Tests.Ledgers;

public sealed class KilledProcessTests : IDisposable
{
    private const int Rounds = 4;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Process_KilledWhileAppending_LosesNothingThatItAcknowledged()
    {
        var acknowledged = new Dictionary<string, int>();
        for (var round = 1; round <= Rounds; round++)
        {
            await AppendAndKillAsync(acknowledged, acknowledgements: 700 * round);

            using var folder = DataFolder.Open(_temporary.Path);
            using var store = new SqliteLedgerStore(folder);
            acknowledged.Should().HaveCount(AppendUntilKilled.Accounts);
            foreach (var (account, count) in acknowledged)
            {
                var lines = (await store.LoadAsync(account, CancellationToken.None)).Lines;
                lines.Count.Should().BeGreaterThanOrEqualTo(count, $"{account} was told so in round {round}");
                for (var i = 0; i < lines.Count; i++)
                    lines[i].AsSpan().SequenceEqual(AppendUntilKilled.Line(account, i + 1)).Should().BeTrue($"line {i + 1} of {account} must be there once and in its place");
            }
        }
    }

    [Fact]
    public async Task Process_ThatHasTheFolder_KeepsAnotherOutUntilItIsKilled()
    {
        using var process = Start();
        await process.StandardOutput.ReadLineAsync();

        var open = () => _temporary.Open().Dispose();

        open.Should().Throw<DataFolderException>().WithMessage("*in use by another gateway*");
        process.Kill();
        await process.WaitForExitAsync();
        open.Should().NotThrow("a lock must not outlive its process");
    }

    private async Task AppendAndKillAsync(Dictionary<string, int> acknowledged, int acknowledgements)
    {
        using var process = Start();
        for (var i = 0; i < acknowledgements || acknowledged.Count < AppendUntilKilled.Accounts; i++)
            Take(await process.StandardOutput.ReadLineAsync());

        // SIGKILL: nothing in the process can tidy up.
        process.Kill();
        var rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        // What was written before the kill was acknowledged as well; the last line may be cut.
        foreach (var line in rest.Split('\n')[..^1])
            Take(line);

        void Take(string? line)
        {
            line.Should().NotBeNull("the program must still run; it said: {0}", process.HasExited ? process.StandardError.ReadToEnd() : "");
            var words = line!.Split(' ');
            acknowledged[words[0]] = int.Parse(words[1], CultureInfo.InvariantCulture);
        }
    }

    private Process Start() => Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
    {
        ArgumentList = { typeof(AppendUntilKilled).Assembly.Location, "append", _temporary.Path },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
