using LlmTr.Silo.Sqlite;

namespace LlmTr.Silo.Tests.Ledgers;

public sealed class KilledProcessTests : IDisposable
{
    private const int Rounds = 4;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public Task Process_KilledWhileAppending_LosesNothingThatItAcknowledged() => KillAndCheckAsync("append", _temporary.Path);

    [Fact]
    public async Task Process_KilledWhileItMovesItsTailAllTheTime_LosesAndDoublesNothing()
    {
        // About every second commit is followed by a move.
        await KillAndCheckAsync("append", _temporary.Path, "2000");

        using var folder = DataFolder.Open(_temporary.Path);
        using var store = new SqliteLedgerStore(folder);
        (await store.ListAccountsAsync(null, 1000, CancellationToken.None)).Should().HaveCount(AppendUntilKilled.Accounts);
    }

    [Fact]
    public async Task Process_ThatHasTheFolder_KeepsAnotherOutUntilItIsKilled()
    {
        using var process = AppendUntilKilled.Start("append", _temporary.Path);
        await process.StandardOutput.ReadLineAsync();

        var open = () => _temporary.Open().Dispose();

        open.Should().Throw<DataFolderException>().WithMessage("*in use by another gateway*");
        process.Kill();
        await process.WaitForExitAsync();
        open.Should().NotThrow("a lock must not outlive its process");
    }

    private async Task KillAndCheckAsync(params string[] arguments)
    {
        var acknowledged = new Dictionary<string, int>();
        for (var round = 1; round <= Rounds; round++)
        {
            await AppendUntilKilled.RunAndKillAsync(acknowledged, acknowledgements: 700 * round, arguments);

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
}
