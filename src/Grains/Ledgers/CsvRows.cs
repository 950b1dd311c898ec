using System.Text;

namespace LlmTr.Grains.Ledgers;

/// <summary>Reads CSV (RFC 4180): a quoted cell may hold commas, line ends and doubled quotes.</summary>
internal sealed class CsvRows(TextReader text)
{
    private const int End = -1;

    private readonly StringBuilder _cell = new();

    /// <summary>The cells of the next row; null at the end.</summary>
    /// <exception cref="FormatException">A quote is not closed, or stands where none may.</exception>
    public IReadOnlyList<CsvCell>? Next()
    {
        if (text.Peek() == End)
            return null;
        var cells = new List<CsvCell>();
        do
            cells.Add(Cell());
        while (Skip(','));

        _ = Skip('\r');
        return Skip('\n') || text.Peek() == End ? cells : throw new FormatException("A quote of the CSV stands within a cell that does not begin with one.");
    }

    private CsvCell Cell()
    {
        _cell.Clear();
        if (!Skip('"'))
        {
            while (text.Peek() is not (',' or '\r' or '\n' or '"' or End))
                _cell.Append((char)text.Read());
            return new CsvCell(_cell.ToString(), IsQuoted: false);
        }

        while (true)
        {
            var next = text.Read();
            if (next == End)
                throw new FormatException("A quoted cell of the CSV is not closed.");
            if (next == '"' && !Skip('"'))
                return new CsvCell(_cell.ToString(), IsQuoted: true);
            _cell.Append((char)next);
        }
    }

    private bool Skip(char expected)
    {
        if (text.Peek() != expected)
            return false;
        text.Read();
        return true;
    }
}

/// <summary>One cell. A number is never quoted, a text always.</summary>
internal readonly record struct CsvCell(string Text, bool IsQuoted);
