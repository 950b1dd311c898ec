using LlmTr.Grains.Accounts;
using Microsoft.Data.Sqlite;

namespace LlmTr.Silo.Sqlite;

/// <summary>
/// The connection that reads <c>ledger.db</c>. One thread uses it. A read is one transaction: a move that comes in between is seen whole or not at all, so that no line is there twice or missing.
/// </summary>
internal sealed class LedgerReader : IDisposable
{
    // A load gives no more lines than these, about 20 MB; who has no snapshot reads the rest page by page.
    private const int MostPerLoad = 50_000;

    private readonly SqliteConnection _connection;
    private readonly SqliteTransactions _transactions;
    private readonly TailIndex _tail;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _rows;
    private readonly SqliteStatement _tailRow;
    private readonly SqliteStatement _accounts;

    /// <summary>Opens a file that has its tables.</summary>
    /// <exception cref="SqliteException">It cannot be opened, or is no ledger.</exception>
    public LedgerReader(string file)
    {
        _connection = SqliteFile.Open(file);
        try
        {
            _transactions = new SqliteTransactions(_connection, "BEGIN");
            _tail = new TailIndex(_connection);
            _end = new SqliteStatement(_connection, "SELECT last_seq FROM ledger WHERE account = ?1 ORDER BY first_seq DESC LIMIT 1");

            // The row that holds the first line wanted may begin before it.
            _rows = new SqliteStatement(_connection, """
                SELECT first_seq, lines FROM ledger
                WHERE account = ?1
                  AND first_seq >= coalesce((SELECT max(first_seq) FROM ledger WHERE account = ?1 AND first_seq <= ?2), 0)
                ORDER BY first_seq
                """);
            _tailRow = new SqliteStatement(_connection, "SELECT lines FROM tail WHERE id = ?1");

            // Left to itself SQLite goes through the rows of all accounts, in the other index.
            _accounts = new SqliteStatement(_connection, """
                SELECT account FROM ledger INDEXED BY ledger_accounts WHERE first_seq = 1 AND account > ?1
                UNION
                SELECT account FROM tail WHERE first_seq = 1 AND account > ?1
                ORDER BY account LIMIT ?2
                """);
        }
        catch
        {
            // Nobody gets this object, so nobody else can close the file.
            Dispose();
            throw;
        }
    }

    /// <summary>See <see cref="ILedgerStore.LoadAsync"/>.</summary>
    /// <param name="account">The account.</param>
    /// <param name="snapshots">Where its snapshot is.</param>
    /// <param name="cancellation">Ends it between two rows.</param>
    public StoredLedger Load(string account, SqliteSnapshots snapshots, CancellationToken cancellation) => Read((account, snapshots, cancellation), static (ledger, read) =>
    {
        var last = ledger.End(read.account);
        if (last == 0)
            return new StoredLedger([], LedgerPosition.Start);

        // One from beyond the end is of another ledger: a copy of this one was put back, and the snapshots were not.
        var snapshot = read.snapshots.Load(read.account) is { } found && found.Seq <= last ? found : default;
        var from = Math.Max(Math.Max(1, snapshot.Seq), last - MostPerLoad + 1);
        return new StoredLedger(ledger.LinesOf(read.account, from, (int)(last - from + 1), read.cancellation), new LedgerPosition(0, last), snapshot.State);
    });

    /// <summary>See <see cref="ILedgerStore.ReadAsync"/>.</summary>
    public IReadOnlyList<byte[]> Lines(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        Read((account, fromSeq, limit, cancellation), static (ledger, read) => ledger.LinesOf(read.account, read.fromSeq, read.limit, read.cancellation));

    /// <summary>See <see cref="ILedgerStore.ListAccountsAsync"/>.</summary>
    public IReadOnlyList<string> Accounts(string? after, int limit) => Read((after, limit), static (ledger, read) =>
    {
        var accounts = new List<string>();
        ledger._accounts.Bind(1, read.after ?? "").Bind(2, read.limit);
        while (ledger._accounts.Step())
            accounts.Add(ledger._accounts.Text(0));
        return accounts;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _transactions?.Dispose();
        _tail?.Dispose();
        _end?.Dispose();
        _rows?.Dispose();
        _tailRow?.Dispose();
        _accounts?.Dispose();
        _connection.Dispose();
    }

    private TResult Read<TArgument, TResult>(TArgument argument, Func<LedgerReader, TArgument, TResult> read) => _transactions.Run((Ledger: this, argument, read), static work =>
    {
        work.Ledger._tail.CatchUp();
        return work.read(work.Ledger, work.argument);
    });

    private long End(string account) => _tail.Of(account) is [.., var last] ? last.LastSeq : _end.Bind(1, account).RunForNumber();

    private List<byte[]> LinesOf(string account, long fromSeq, int limit, CancellationToken cancellation)
    {
        var lines = new List<byte[]>();
        var tail = _tail.Of(account);

        // All rows in their place come before those of the tail.
        if (tail is not [var first, ..] || fromSeq < first.FirstSeq)
        {
            _rows.Bind(1, account).Bind(2, fromSeq);
            try
            {
                while (lines.Count < limit && _rows.Step())
                    Take(_rows.Number(0), _rows.Bytes(1));
            }
            finally
            {
                _rows.Reset();
            }
        }

        foreach (var row in tail)
        {
            if (lines.Count >= limit)
                break;
            if (row.LastSeq < fromSeq)
                continue;
            try
            {
                if (!_tailRow.Bind(1, row.Id).Step())
                    throw new InvalidDataException("A row of the tail is gone.");
                Take(row.FirstSeq, _tailRow.Bytes(0));
            }
            finally
            {
                _tailRow.Reset();
            }
        }

        return lines;

        void Take(long seq, ReadOnlySpan<byte> joined)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var range in joined.Split((byte)'\n'))
            {
                if (seq++ >= fromSeq && lines.Count < limit)
                    lines.Add(joined[range].ToArray());
            }
        }
    }
}
