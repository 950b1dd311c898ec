using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmTr.Admin;

/// <summary>What a command works with: the gateway, and where its answer goes.</summary>
internal sealed class AdminSession(Func<AdminApi> open, TextWriter output, bool asJson) : IDisposable
{
    private AdminApi? _api;

    private const string KeyStart = "llmtr-";
    private const int IdChars = 11;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The gateway; opened when first needed, as to check a file needs neither address nor token.</summary>
    public AdminApi Api => _api ??= open();

    public TextWriter Output => output;

    public void Dispose() => _api?.Dispose();

    /// <summary>Shows an answer: as it came for scripts, else as a person reads it.</summary>
    public int Show(JsonElement answer, Func<JsonElement, string> text)
    {
        output.Write(asJson ? JsonSerializer.Serialize(answer, Json) + "\n" : text(answer));
        return ExitCode.Ok;
    }

    /// <summary>Shows rows: one JSON object with <c>data</c>, or a table.</summary>
    public int Show(IReadOnlyList<JsonElement> rows, Table table)
    {
        output.Write(asJson ? JsonSerializer.Serialize(new { data = rows }, Json) + "\n" : table.Of(rows));
        return ExitCode.Ok;
    }

    /// <summary>Shows a list over keys: its rows, then a sentence for each ledger that is broken; in JSON <c>broken_ledgers</c>, where there are any.</summary>
    public int Show(Listing listing, Table table)
    {
        if (listing.BrokenLedgers.Count == 0)
            return Show(listing.Rows, table);
        if (asJson)
        {
            output.Write(JsonSerializer.Serialize(new { data = listing.Rows, broken_ledgers = listing.BrokenLedgers }, Json) + "\n");
            return ExitCode.Refused;
        }

        Show(listing.Rows, table);
        foreach (var broken in listing.BrokenLedgers)
            output.Write($"{Listing.Sentence(Table.Value(broken, "key"), Table.Value(broken, "why"))}\n");
        return ExitCode.Refused;
    }

    /// <summary>The id of a key named by its id, by the key itself, or by the beginning of either where it fits one key only.</summary>
    /// <exception cref="CommandFailureException">No key is named so, or several are.</exception>
    public async Task<string> KeyIdAsync(string name, CancellationToken cancellation)
    {
        if (name.StartsWith("key_", StringComparison.Ordinal) && name.Length == 4 + IdChars)
            return name;

        // Of a whole key only the part that is its id leaves this machine again.
        if (name.StartsWith(KeyStart, StringComparison.Ordinal) && name.Length >= KeyStart.Length + IdChars)
            return string.Concat("key_", name.AsSpan(KeyStart.Length, IdChars));
        var keys = new Listing([], []);
        keys.Add(await Api.GetAsync($"keys?prefix={Uri.EscapeDataString(name)}&limit=2", cancellation));
        string[] ids = [.. keys.Rows.Select(static key => Table.Value(key, "id")), .. keys.BrokenLedgers.Select(static broken => Table.Value(broken, "key"))];
        return ids.Length switch
        {
            1 => ids[0],
            0 => throw new CommandFailureException(ExitCode.Refused, "No key begins like that. 'keys list' shows all."),
            _ => throw new CommandFailureException(ExitCode.Refused, "Several keys begin like that. Give the id of one: 'keys list' shows all."),
        };
    }
}
