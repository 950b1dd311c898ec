using Microsoft.Data.Sqlite;

namespace LlmTr.Silo.Sqlite;

/// <summary>
/// The table that appends go to, and how its rows come to their place. <c>ledger</c> has an index by account: a row of another account changes another page of it, 4 KB written for a line of 500 bytes. <c>tail</c> has none: rows
/// lie in the order in which they came, many to a page. When it has grown long it is moved into <c>ledger</c> in one transaction, the rows of an account joined, so that an index page is written once for many appends.
/// All calls are made within transactions, but for <see cref="Count"/> and <see cref="IsLong"/>.
/// </summary>
internal sealed class LedgerTail : IDisposable
{
    /// <summary>The tail is long beyond so many bytes of lines: 1,000 to 1,500 appends. Appends wait while it is moved, the longer the longer it is; twice as much would spare them a tenth of their cost (docs/ledger.md).</summary>
    public const int DefaultLong = 512 << 10;

    /// <summary>Rows are joined up to so many bytes of lines: a reader of one line reads its whole row.</summary>
    public const int MostBytesInRow = 64 << 10;

    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _rows;
    private readonly SqliteStatement _lines;
    private readonly SqliteStatement _put;
    private readonly SqliteStatement _empty;
    private readonly int _long;
    private long _bytes;
    private long _longAt;

    /// <summary>Finds what is there already, such as what a killed process has left.</summary>
    /// <param name="connection">The one that writes.</param>
    /// <param name="long">See <see cref="DefaultLong"/>.</param>
    /// <exception cref="SqliteException">A table is not there.</exception>
    public LedgerTail(SqliteConnection connection, int @long)
    {
        (_long, _longAt) = (@long, @long);
        _insert = new SqliteStatement(connection, "INSERT INTO tail (account, first_seq, last_seq, lines) VALUES (?1, ?2, ?3, ?4)");
        _rows = new SqliteStatement(connection, "SELECT id, account, first_seq, last_seq, length(lines) FROM tail ORDER BY account, first_seq");
        _lines = new SqliteStatement(connection, "SELECT lines FROM tail WHERE id = ?1");

        // The fence once more: whatever happened before, nothing comes to its place but what follows there.
        _put = new SqliteStatement(connection, """
            INSERT INTO ledger (account, first_seq, last_seq, lines)
            SELECT ?1, ?2, ?3, ?4
            WHERE ?2 = 1 + coalesce((SELECT last_seq FROM ledger WHERE account = ?1 ORDER BY first_seq DESC LIMIT 1), 0)
            """);
        _empty = new SqliteStatement(connection, "DELETE FROM tail");
        using var bytes = new SqliteStatement(connection, "SELECT sum(length(lines)) FROM tail");
        _bytes = bytes.RunForNumber();
    }

    /// <summary>Whether it is time to move.</summary>
    public bool IsLong => _bytes >= _longAt;

    /// <summary>Writes an append as a row.</summary>
    public void Add(LedgerAppend append) =>
        _insert.Bind(1, append.Account).Bind(2, append.FirstSeq).Bind(3, append.LastSeq).Bind(4, append.Lines).Run();

    /// <summary>Counts an append whose transaction has ended well. One of unknown outcome is not counted, which makes a move later and harms nothing.</summary>
    public void Count(LedgerAppend append) => _bytes += append.Lines.Length;

    /// <summary>Puts all rows to their place, those of an account that follow each other as one.</summary>
    /// <exception cref="InvalidDataException">A row does not follow what is in its place; the transaction is to be rolled back.</exception>
    public void Move()
    {
        var rows = new List<Row>();
        while (_rows.Step())
            rows.Add(new Row(_rows.Number(0), _rows.Text(1), _rows.Number(2), _rows.Number(3), (int)_rows.Number(4)));

        var joined = new byte[MostBytesInRow];
        for (var from = 0; from < rows.Count;)
        {
            var (to, bytes) = (from + 1, rows[from].Bytes);
            while (to < rows.Count && rows[to].Follows(rows[to - 1]) && bytes + 1 + rows[to].Bytes <= MostBytesInRow)
                bytes += 1 + rows[to++].Bytes;
            if (bytes > joined.Length)
                joined = new byte[bytes];
            Join(rows, from, to, joined);
            if (_put.Bind(1, rows[from].Account).Bind(2, rows[from].FirstSeq).Bind(3, rows[to - 1].LastSeq).Bind(4, joined.AsSpan(0, bytes)).Run() != 1)
                throw new InvalidDataException("Lines in the tail do not follow those in the ledger.");
            from = to;
        }

        _empty.Run();
    }

    /// <summary>The transaction of a move has ended well: there is no tail any more.</summary>
    public void Moved() => (_bytes, _longAt) = (0, _long);

    /// <summary>A move has failed: the next one is not tried with the next append already, but when as much again has come.</summary>
    public void NotMoved() => _longAt = _bytes + _long;

    /// <inheritdoc/>
    public void Dispose()
    {
        _insert.Dispose();
        _rows.Dispose();
        _lines.Dispose();
        _put.Dispose();
        _empty.Dispose();
    }

    private void Join(List<Row> rows, int from, int to, Span<byte> joined)
    {
        for (var i = from; i < to; i++)
        {
            if (i > from)
            {
                joined[0] = (byte)'\n';
                joined = joined[1..];
            }

            if (!_lines.Bind(1, rows[i].Id).Step())
                throw new InvalidDataException("A row of the tail is gone.");
            _lines.Bytes(0).CopyTo(joined);
            _lines.Reset();
            joined = joined[rows[i].Bytes..];
        }
    }

    private readonly record struct Row(long Id, string Account, long FirstSeq, long LastSeq, int Bytes)
    {
        public bool Follows(Row before) => Account == before.Account && FirstSeq == before.LastSeq + 1;
    }
}
