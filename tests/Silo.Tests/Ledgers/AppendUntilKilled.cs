using System.Text;
using LlmTr.Silo.Sqlite;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>
/// A program that appends to many accounts at once, for ever, and says on its output what has been acknowledged: the account and its number of lines. Line n of an account
/// says its account and n, so that whoever comes after it can tell what is missing.
/// </summary>
internal static class AppendUntilKilled
{
    public const int Accounts = 30;

    public static byte[] Line(string account, int number) => Encoding.UTF8.GetBytes($"{account} line {number}");

    public static async Task<int> RunAsync(string path)
    {
        using var folder = DataFolder.Open(path);
        using var store = new SqliteLedgerStore(folder);
        using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        await Task.WhenAll(Enumerable.Range(0, Accounts).Select(i => AppendAsync(store, output, $"account{i}")));
        return 0;
    }

    private static async Task AppendAsync(SqliteLedgerStore store, TextWriter output, string account)
    {
        var ledger = await store.LoadAsync(account, CancellationToken.None);
        var (position, count) = (ledger.Position, ledger.Lines.Count);
        while (true)
        {
            var lines = Enumerable.Range(count + 1, 1 + (count % 4)).Select(number => Line(account, number)).ToArray();
            position = await store.AppendAsync(account, position, lines, CancellationToken.None);
            count += lines.Length;
            output.WriteLine($"{account} {count}");
        }
    }
}
