using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmTr.Admin;

/// <summary>Rows of JSON as a table that a person reads: a column per member, amounts to the right.</summary>
/// <param name="empty">What to say where there is no row.</param>
/// <param name="columns">
/// Heading, and the member's path with dots; a heading that begins with <c>&gt;</c> is set to the right, one that begins with <c>@</c> is a moment in seconds since 1970.
/// </param>
internal sealed class Table(string empty, params (string Heading, string Member)[] columns)
{
    private const string Gap = "  ";

    private static readonly char[] Signs = ['>', '@'];

    public string Of(IReadOnlyList<JsonElement> rows)
    {
        if (rows.Count == 0)
            return empty + "\n";
        var cells = rows.Select(row => columns.Select(column => Cell(row, column)).ToArray()).Prepend([.. columns.Select(static column => column.Heading.TrimStart(Signs))]).ToArray();
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
            if (Cell(row, (heading, member)) is { Length: > 0 } value)
                text.Append(heading.TrimStart(Signs).PadRight(width)).Append(Gap).Append(value).Append('\n');
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

    private static string Cell(JsonElement row, (string Heading, string Member) column)
    {
        var value = Value(row, column.Member);
        return column.Heading.StartsWith('@') && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
            : value;
    }

    // A label or note is what some operator typed, and a terminal obeys control characters.
    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c)) : text;
}
