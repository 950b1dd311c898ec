using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LlmTr.Grains.Ledgers;

/// <summary>
/// A ledger as CSV (RFC 4180, UTF-8) and back, to the same bytes: a column for every member of an entry, in the order of a line and under its name there, so that the hash of
/// an imported ledger is the hash of the exported one. NDJSON needs nothing of the kind: it is the lines themselves.
/// </summary>
/// <remarks>
/// An empty cell is an absent member; a text that is there and empty is written as two quotes. A text that a spreadsheet would run as a formula is not
/// disarmed: a file that is to come back unchanged cannot be. Import into a spreadsheet as text.
/// </remarks>
public static class LedgerCsv
{
    private static readonly JsonPropertyInfo[] Members = [.. LedgerJson.Default.LedgerEntry.Properties];

    /// <summary>The first row: the names of the members.</summary>
    public static string Header { get; } = string.Join(',', Members.Select(static member => member.Name));

    /// <summary>Writes a line of a ledger as a row, without a line end.</summary>
    /// <exception cref="JsonException">The line is not an entry.</exception>
    /// <exception cref="FormatException">It is not written as this program writes it, and would not come back as it is.</exception>
    public static string Write(ReadOnlySpan<byte> line)
    {
        var entry = LedgerLine.Decode(line);
        if (!line.SequenceEqual(LedgerLine.Encode(entry, entry.Prev ?? "")))
            throw new FormatException($"Entry {entry.Seq} would not come back from CSV as it is. Export the ledger as NDJSON.");
        var cells = new string[Members.Length];
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            cells[Array.FindIndex(Members, member => member.Name == name)] = reader.TokenType switch
            {
                JsonTokenType.String => Quoted(reader.GetString()!),
                _ => Encoding.UTF8.GetString(reader.ValueSpan),
            };
        }

        return string.Join(',', cells);
    }

    /// <summary>Reads rows, header first, and gives the lines that they were written from.</summary>
    /// <exception cref="FormatException">The text is not CSV, or not of a ledger; the message names the row.</exception>
    public static IEnumerable<byte[]> Read(TextReader text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rows = new CsvRows(text);
        var header = rows.Next() ?? throw new FormatException("The CSV is empty; its first row names the columns.");
        var columns = header.Select(name => Array.Find(Members, member => member.Name == name.Text)
            ?? throw new FormatException($"Column '{name.Text}' of the CSV is no member of a ledger entry.")).ToArray();
        for (var number = 2; rows.Next() is { } cells; number++)
        {
            if (cells.Count != columns.Length)
                throw new FormatException($"Row {number} of the CSV has {cells.Count} cells, the header {columns.Length}.");
            yield return Line(columns, cells, number);
        }
    }

    private static byte[] Line(JsonPropertyInfo[] columns, IReadOnlyList<CsvCell> cells, int number)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            for (var i = 0; i < columns.Length; i++)
            {
                if (cells[i] is { Text: "", IsQuoted: false })
                    continue;
                writer.WritePropertyName(columns[i].Name);
                if (cells[i].IsQuoted)
                    writer.WriteStringValue(cells[i].Text);
                else if (long.TryParse(cells[i].Text, out var value))
                    writer.WriteNumberValue(value);
                else
                    throw new FormatException($"Row {number} of the CSV has neither a number nor a quoted text in column '{columns[i].Name}'.");
            }

            writer.WriteEndObject();
        }

        try
        {
            // Written anew from the entry, whatever the order of the columns was.
            var entry = LedgerLine.Decode(json.WrittenSpan);
            return LedgerLine.Encode(entry, entry.Prev ?? throw new FormatException($"Row {number} of the CSV lacks the hash of the line before."));
        }
        catch (JsonException exception)
        {
            throw new FormatException($"Row {number} of the CSV is not a ledger entry ({exception.Path}).", exception);
        }
    }

    // Always quoted, so that a text and a number, and an empty text and none, are told apart.
    private static string Quoted(string text) => '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
