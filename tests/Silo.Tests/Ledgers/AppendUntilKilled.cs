using System.Diagnostics;
using System.Globalization;
using System.Text;
using LlmTr.Grains.Accounts;
using LlmTr.Silo.Azure;
using LlmTr.Silo.Azure.Ledgers;
using LlmTr.Silo.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>
/// A program that appends to many accounts at once, for ever, and says on its output what has been acknowledged: the account and its number of lines. Line n of an account
/// says its account and n, so that whoever comes after it can tell what is missing.
/// </summary>
internal static class AppendUntilKilled
{
    public const int Accounts = 30;

    public static byte[] Line(string account, int number) => Encoding.UTF8.GetBytes($"{{\"seq\":{number},\"account\":\"{account}\"}}");

    /// <summary>The program, on SQLite; the tail is moved when it has so many bytes of lines.</summary>
    public static async Task<int> RunAsync(string path, int longTail = LedgerTail.DefaultLong)
    {
        using var folder = DataFolder.Open(path);
        using var store = new SqliteLedgerStore(folder, NullLogger.Instance, longTail);
        return await RunAsync(store);
    }

    /// <summary>The program, on append blobs that roll often.</summary>
    public static async Task<int> RunOnAzureAsync(string connectionString, string prefix)
    {
        using var storage = new AzureStorage(Options.Create(new AzureStorageOptions { ConnectionString = connectionString, ContainerPrefix = prefix }));
        return await RunAsync(new AzureLedgerStore(new AzureLedgerBlobs(storage), new AzureLedgerOptions { RollAtBlocks = 2 }));
    }

    /// <summary>Starts the program as a process of its own.</summary>
    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(AppendUntilKilled).Assembly.Location, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Starts it, waits until it has said so much and something of each account, and kills it.</summary>
    public static async Task RunAndKillAsync(Dictionary<string, int> acknowledged, int acknowledgements, params string[] arguments)
    {
        using var process = Start(arguments);
        for (var i = 0; i < acknowledgements || acknowledged.Count < Accounts; i++)
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

    private static async Task<int> RunAsync(ILedgerStore store)
    {
        using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        await Task.WhenAll(Enumerable.Range(0, Accounts).Select(i => AppendAsync(store, output, $"account{i}")));
        return 0;
    }

    private static async Task AppendAsync(ILedgerStore store, TextWriter output, string account)
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
