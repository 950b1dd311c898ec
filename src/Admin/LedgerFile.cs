using System.Text;

namespace LlmTr.Admin;

/// <summary>Reads an exported ledger back: NDJSON, or CSV whose last column is the line as it is stored.</summary>
internal static class LedgerFile
{
    private const string CsvStart = "seq,";

    /// <summary>Checks a whole export.</summary>
    /// <exception cref="CommandFailureException">The file cannot be read.</exception>
    public static LedgerVerdict Verify(string path)
    {
        var check = new LedgerCheck(Path.GetFileName(path));
        try
        {
            var isCsv = false;
            var number = 0;
            foreach (var text in File.ReadLines(path))
            {
                if (number++ == 0 && (isCsv = text.StartsWith(CsvStart, StringComparison.Ordinal)))
                    continue;
                check.Add(Encoding.UTF8.GetBytes(isCsv ? LastColumn(text) : text));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailureException(ExitCode.Usage, $"'{path}' cannot be read: {exception.Message}");
        }

        return check.Verdict();
    }

    // The columns before it are plain words and numbers, so the first quote is its own. A line of JSON has no line end in it.
    private static string LastColumn(string row)
    {
        var quote = row.IndexOf('"', StringComparison.Ordinal);
        return quote >= 0 && row.Length > quote + 1 && row[^1] == '"' ? row[(quote + 1)..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : "";
    }
}
