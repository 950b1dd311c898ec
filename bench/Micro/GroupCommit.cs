using BenchmarkDotNet.Attributes;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Silo.Sqlite;

namespace LlmTr.Micro;

/// <summary>Lines of as many accounts at once, on the disk when it returns (<c>synchronous=FULL</c>). The figures are of all of them.</summary>
public class GroupCommit
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("llmtr-micro-");
    private DataFolder _folder = null!;
    private SqliteLedgerStore _store = null!;
    private byte[][] _line = null!;
    private LedgerPosition[] _positions = null!;

    [Params(1, 16, 64)]
    public int AccountsAtOnce { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var history = new History();
        _line = [LedgerLine.Encode(history.Entries[0], LedgerLine.GenesisHash)];
        _folder = DataFolder.Open(_directory.FullName);
        _store = new SqliteLedgerStore(_folder);
        _positions = new LedgerPosition[AccountsAtOnce];
    }

    [Benchmark]
    public Task Append() => Task.WhenAll(Enumerable.Range(0, AccountsAtOnce).Select(AppendAsync));

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        _folder.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task AppendAsync(int account) => _positions[account] = await _store.AppendAsync($"key{account}", _positions[account], _line, CancellationToken.None);
}
