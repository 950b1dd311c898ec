using System.CommandLine;
using System.Text.Json;

namespace LlmTr.Admin.Commands;

/// <summary><c>ledger …</c>.</summary>
internal static class LedgerCommands
{
    private const string NdJson = "application/x-ndjson";
    private const string Csv = "text/csv";
    private const byte LineEnd = (byte)'\n';

    private static readonly Table Entries = new(
        "No entries there.",
        (">SEQ", "seq"), ("AT", "at"), ("KIND", "kind"), (">TICKS", "amount_ticks"), (">BALANCE", "balance_ticks"), (">HELD", "held_ticks"),
        ("REQUEST", "request_id"), ("MODEL", "model"), ("ACTOR", "actor"), ("REASON", "reason"), ("NOTE", "note"));

    public static Command Make() => new("ledger", "Show, verify and export ledgers.") { MakeShow(), MakeVerify(), MakeExport() };

    private static Command MakeShow()
    {
        var key = Arguments.Key();
        var from = new Option<long>("--from-seq") { Description = "The first entry.", DefaultValueFactory = static _ => 1 };
        var limit = new Option<int>("--limit") { Description = "How many entries, at most 1,000.", DefaultValueFactory = static _ => 100 };
        return new Command("show", "Show entries; amounts in ticks, 10,000,000,000 to the USD.") { key, from, limit }.Does(async (session, parsed, cancellation) =>
        {
            var id = await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation);
            var page = await session.Api.GetAsync($"keys/{id}/ledger?from_seq={parsed.GetValue(from)}&limit={parsed.GetValue(limit)}", cancellation);
            session.Show(page, static page =>
            {
                var next = Table.Value(page, "next_seq");
                return Entries.Of([.. page.GetProperty("data").EnumerateArray()]) + (next.Length == 0 ? "" : $"There is more: --from-seq {next}\n");
            });
            return Table.Value(page, "broken") is { Length: > 0 } why ? throw Broken(id, why) : ExitCode.Ok;
        });
    }

    private static Command MakeVerify()
    {
        var key = new Argument<string?>("KEY") { Arity = ArgumentArity.ZeroOrOne, Description = "A key; all keys when absent." };
        var file = new Option<string?>("--file") { Description = "Verify an export instead of what the gateway has." };
        return new Command("verify", "Recompute chain, balances and holds from the entries, and name the first wrong line.") { key, file }.Does(async (session, parsed, cancellation) =>
        {
            List<LedgerVerdict> verdicts = [];
            if (parsed.GetValue(file) is { } path)
            {
                verdicts.Add(LedgerFile.Verify(path));
            }
            else
            {
                IEnumerable<string> ids = parsed.GetValue(key) is { } name
                    ? [await session.KeyIdAsync(name, cancellation)]
                    : await AllIdsAsync(session, cancellation);
                foreach (var id in ids)
                    verdicts.Add(await VerifyAsync(session, id, cancellation));
            }

            var rows = verdicts.Select(static verdict => JsonSerializer.SerializeToElement(verdict, LedgerVerdictJson.Default.LedgerVerdict)).ToArray();
            session.Show(rows, new Table(
                "No keys.",
                ("LEDGER", "ledger"), ("VERDICT", "verdict"), (">ENTRIES", "entries"), (">BALANCE USD", "balance_usd"), (">HELD USD", "held_usd"), ("END HASH", "end_hash"),
                (">WRONG LINE", "wrong_line"), ("WHY", "why")));
            return verdicts.TrueForAll(static verdict => verdict.Why is null) ? ExitCode.Ok : ExitCode.Refused;
        });
    }

    private static async Task<LedgerVerdict> VerifyAsync(AdminSession session, string id, CancellationToken cancellation)
    {
        var check = new LedgerCheck(id);
        string? broken = null;
        for (long? from = 1; from is not null && !check.HasFailed;)
        {
            var part = await session.Api.LedgerAsync(id, from.Value, NdJson, cancellation);
            (from, broken) = (part.NextSeq, part.Broken);
            foreach (var line in Lines(part.Text))
                check.Add(part.Text.AsSpan(line));
        }

        return check.Verdict(broken);
    }

    private static async Task<IEnumerable<string>> AllIdsAsync(AdminSession session, CancellationToken cancellation)
    {
        var keys = await session.Api.AllAsync("keys?limit=200", cancellation);
        return keys.Rows.Select(static key => Table.Value(key, "id")).Concat(keys.BrokenLedgers.Select(static broken => Table.Value(broken, "key"))).Order(StringComparer.Ordinal);
    }

    private static CommandFailureException Broken(string id, string why) => new(ExitCode.Refused, Listing.Sentence(id, why));

    private static Command MakeExport()
    {
        var key = Arguments.Key();
        var format = new Option<string>("--format") { Description = "ndjson or csv.", DefaultValueFactory = static _ => "ndjson" };
        format.AcceptOnlyFromAmong("ndjson", "csv");
        var output = new Option<string?>("--output") { Description = "The file to write; else the terminal." };
        return new Command("export", "Write a whole ledger, its lines exactly as they are stored.") { key, format, output }.Does(async (session, parsed, cancellation) =>
        {
            var id = await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation);
            var mediaType = parsed.GetValue(format) == "csv" ? Csv : NdJson;
            var path = parsed.GetValue(output);
            string? broken = null;
            try
            {
                await using var file = path is null ? null : File.Create(path);
                for (long? from = 1; from is not null;)
                {
                    var isFirst = from == 1;
                    var part = await session.Api.LedgerAsync(id, from.Value, mediaType, cancellation);
                    (from, broken) = (part.NextSeq, part.Broken);

                    // Each part of a CSV has its own heading.
                    var begin = isFirst || mediaType != Csv ? 0 : part.Text.AsSpan().IndexOf(LineEnd) + 1;
                    if (file is not null)
                        await file.WriteAsync(part.Text.AsMemory(begin), cancellation);
                    else
                        await session.Output.WriteAsync(System.Text.Encoding.UTF8.GetString(part.Text.AsSpan(begin)).AsMemory(), cancellation);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailureException(ExitCode.Usage, $"'{path}' cannot be written: {exception.Message}");
            }

            return broken is null ? ExitCode.Ok : throw Broken(id, broken);
        });
    }

    private static List<Range> Lines(byte[] text)
    {
        var lines = new List<Range>();
        for (var begin = 0; begin < text.Length;)
        {
            var length = text.AsSpan(begin).IndexOf(LineEnd) is >= 0 and var end ? end : text.Length - begin;
            lines.Add(begin..(begin + length));
            begin += length + 1;
        }

        return lines;
    }
}
