using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace LlmTr.Silo.Sqlite;

/// <summary>
/// Which rows of the tail are whose, for the connection that reads: the tail has no index in the file. What has come since the last look is read at each one, within the transaction of the read, so that it is as true as the read.
/// </summary>
internal sealed class TailIndex : IDisposable
{
    private readonly SqliteStatement _lastRow;
    private readonly SqliteStatement _newRows;
    private readonly Dictionary<string, List<TailRow>> _rows = new(StringComparer.Ordinal);
    private long _moved = -1;
    private long _seen;

    /// <summary>Knows nothing yet.</summary>
    /// <exception cref="SqliteException">A table is not there.</exception>
    public TailIndex(SqliteConnection connection)
    {
        // Rows of the ledger are never deleted, and every move adds one: its last row says which tail this is.
        _lastRow = new SqliteStatement(connection, "SELECT max(rowid) FROM ledger");
        _newRows = new SqliteStatement(connection, "SELECT id, account, first_seq, last_seq FROM tail WHERE id > ?1");
    }

    /// <summary>Reads what has come. To be called first in a transaction.</summary>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public void CatchUp()
    {
        var moved = _lastRow.RunForNumber();
        if (moved != _moved)
        {
            _rows.Clear();
            (_moved, _seen) = (moved, 0);
        }

        _newRows.Bind(1, _seen);
        while (_newRows.Step())
        {
            var row = new TailRow(_newRows.Number(0), _newRows.Number(2), _newRows.Number(3));
            ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, _newRows.Text(1), out _);
            (rows ??= []).Add(row);
            _seen = row.Id;
        }
    }

    /// <summary>An account's rows, oldest first.</summary>
    public ReadOnlySpan<TailRow> Of(string account) => CollectionsMarshal.AsSpan(_rows.GetValueOrDefault(account));

    /// <inheritdoc/>
    public void Dispose()
    {
        _lastRow.Dispose();
        _newRows.Dispose();
    }
}

/// <summary>A row of the tail.</summary>
/// <param name="Id">Which.</param>
/// <param name="FirstSeq">The number of its first line.</param>
/// <param name="LastSeq">The number of its last line.</param>
internal readonly record struct TailRow(long Id, long FirstSeq, long LastSeq);
