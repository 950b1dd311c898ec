using System.Text;
using System.Text.Json;

namespace LlmTr.Admin;

/// <summary>Rows of JSON as a table that a person reads: a column per member, amounts to the right.</summary>
/// <param name="empty">What to say where there is no row.</param>
/// <param name="columns">Heading, and the member's path with dots; a heading that begins with <c>&gt;</c> is set to the right.</param>
internal sealed class Table(string empty, params (string Heading, string Member)[] columns)
{
    private const string Gap = "  ";

    public string Of(IReadOnlyList<JsonElement> rows)
    {
        if (rows.Count == 0)
            return empty + "\n";
        var cells = rows.Select(row => columns.Select(column => Value(row, column.Member)).ToArray())
            .Prepend([.. columns.Select(static column => column.Heading.TrimStart('>'))]).ToArray();
        var widths = columns.Select((_, i) => cells.Max(row => row[i].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in cells)
        {
            var line = string.Join(Gap, row.Select((cell, i) => columns[i].Heading.StartsWith('>') ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i])));
            text.Append(line.TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The same members of one row, a line each.</summary>
    public string Of(JsonElement row)
    {
        var width = columns.Max(static column => column.Heading.Length);
        var text = new StringBuilder();
        foreach (var (heading, member) in columns)
        {
            if (Value(row, member) is { Length: > 0 } value)
                text.Append(heading.TrimStart('>').PadRight(width)).Append(Gap).Append(value).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A member's value as text; empty where there is none.</summary>
    public static string Value(JsonElement row, string member)
    {
        foreach (var name in member.Split('.'))
        {
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(name, out row))
                return "";
        }

        return row.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => Printable(row.GetString()!),
            _ => row.GetRawText(),
        };
    }

    // A label or note is what some operator typed, and a terminal obeys control characters.
    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c)) : text;
}
