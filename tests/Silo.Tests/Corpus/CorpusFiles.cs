using System.Text;
using System.Text.Json;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Video;

namespace LlmTr.Silo.Tests.Corpus;

/// <summary>
/// What earlier builds have stored, kept for ever: every later build must read it. A folder for each build that changed how something is stored; what is in one is never changed, and
/// a new one is written by <c>dotnet LlmTr.Silo.Tests.dll corpus FOLDER</c>.
/// </summary>
internal static class CorpusFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The folders, one for each build that wrote one.</summary>
    public static IEnumerable<string> Folders => Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "Corpus", "Stored")).Order(StringComparer.Ordinal);

    /// <summary>The lines of a ledger, without their line ends.</summary>
    public static List<byte[]> Lines(string folder) => [.. File.ReadAllLines(Path.Combine(folder, "ledger.ndjson")).Select(Encoding.UTF8.GetBytes)];

    public static byte[] Snapshot(string folder) => File.ReadAllBytes(Path.Combine(folder, "snapshot.bin"));

    /// <summary>What the ledger added up to when it was written.</summary>
    public static Dictionary<string, string> Account(string folder) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(folder, "account.json")))!;

    /// <summary>Stored jobs, and what was read in them when they were written.</summary>
    public static IEnumerable<(string Name, byte[] Stored, string[] Dump)> Jobs(string folder) =>
        Directory.GetFiles(Path.Combine(folder, "jobs"), "*.json").Select(static file => (Path.GetFileNameWithoutExtension(file), File.ReadAllBytes(file), File.ReadAllLines(Path.ChangeExtension(file, "txt"))));

    /// <summary>An account in the numbers that must never change, by their names.</summary>
    public static Dictionary<string, string> Describe(AccountView account) => new()
    {
        ["last_seq"] = $"{account.LastSeq}",
        ["balance_ticks"] = $"{account.Balance.Value}",
        ["held_ticks"] = $"{account.Held.Value}",
        ["open_holds"] = $"{account.OpenHolds}",
        ["open_cases"] = $"{account.OpenCases}",
        ["settled_requests"] = $"{account.SettledRequests}",
        ["charged_ticks"] = $"{account.Charged.Value}",
        ["overrun_ticks"] = $"{account.Overruns.Value}",
        ["debited_ticks"] = $"{account.Debited.Value}",
        ["status"] = $"{account.Status}",
        ["label"] = account.Label,
        ["budget_used_ticks"] = $"{account.BudgetUsed?.Value}",
        ["requests_per_minute"] = $"{account.Limits.RequestsPerMinute}",
    };

    /// <summary>Writes a new folder; never over an old one.</summary>
    public static int Write(string folder)
    {
        if (Directory.Exists(folder))
        {
            Console.Error.WriteLine($"{folder} is there already. What was stored once stays as it is: name a new folder.");
            return 1;
        }

        Directory.CreateDirectory(Path.Combine(folder, "jobs"));
        var history = new CorpusHistory();
        File.WriteAllBytes(Path.Combine(folder, "ledger.ndjson"), [.. history.Lines.SelectMany(static line => (byte[])[.. line, (byte)'\n'])]);
        File.WriteAllBytes(Path.Combine(folder, "snapshot.bin"), history.Snapshot);
        File.WriteAllText(Path.Combine(folder, "account.json"), JsonSerializer.Serialize(Describe(history.Account.View()!), Indented) + "\n");
        foreach (var (name, job) in CorpusJobs.All)
        {
            File.WriteAllBytes(Path.Combine(folder, "jobs", $"{name}.json"), VideoJobJson.Write(job));
            File.WriteAllLines(Path.Combine(folder, "jobs", $"{name}.txt"), CorpusJobs.Dump(job));
        }

        return 0;
    }
}
