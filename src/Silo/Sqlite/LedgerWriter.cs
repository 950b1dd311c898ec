using Microsoft.Data.Sqlite;

namespace LlmTr.Silo.Sqlite;

/// <summary>The connection that writes <c>ledger.db</c>. One thread uses it.</summary>
internal sealed class LedgerWriter : IDisposable
{
    // A checkpoint copies every page that has changed since the last one into the file, mostly the same ones again: 16 MB of log between two in place of SQLite's 4.
    private const int PagesPerCheckpoint = 4_000;

    // A move touches the tail, what comes of it, and an index page of every account that is in it; 8 MB in place of SQLite's 2, so that none is read twice.
    private const int CacheKibibytes = 8_192;

    private readonly SqliteConnection _connection;
    private readonly SqliteTransactions _transactions;
    private readonly LedgerFence _fence;
    private readonly LedgerTail _tail;

    /// <summary>Opens or creates the file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="longTail">In bytes; see <see cref="LedgerTail.DefaultLong"/>.</param>
    /// <exception cref="DataFolderException">A newer version of the program made it.</exception>
    /// <exception cref="SqliteException">It cannot be opened or written, or is no ledger.</exception>
    public LedgerWriter(string file, int longTail)
    {
        _connection = SqliteFile.Open(file);
        try
        {
            LedgerSchema.Prepare(_connection, file);
            SqliteFile.Run(_connection, $"PRAGMA wal_autocheckpoint = {PagesPerCheckpoint}; PRAGMA cache_size = -{CacheKibibytes}");
            _transactions = new SqliteTransactions(_connection, "BEGIN IMMEDIATE");
            _fence = new LedgerFence(_connection);
            _tail = new LedgerTail(_connection, longTail);
        }
        catch
        {
            // Nobody gets this object, so nobody else can close the file.
            Dispose();
            throw;
        }
    }

    /// <summary>Whether <see cref="MoveTail"/> should be called when nobody waits.</summary>
    public bool TailIsLong => _tail.IsLong;

    /// <summary>Makes the disk full for a test: beyond this size of the file (pages of 4,096 bytes) SQLite refuses as it does there.</summary>
    public int MostPages
    {
        set => SqliteFile.Run(_connection, $"PRAGMA max_page_count = {value}");
    }

    /// <summary>Writes those that fit, in one transaction that is on the disk when this returns, and says of each whether it did.</summary>
    /// <exception cref="SqliteException">The outcome is unknown, for all of them.</exception>
    public void Append(IReadOnlyList<LedgerAppend> appends)
    {
        _transactions.Run((_fence, _tail, appends), static work =>
        {
            work._fence.Begin();
            foreach (var append in work.appends)
            {
                append.Fits = work._fence.LetsIn(append);
                if (append.Fits)
                    work._tail.Add(append);
            }

            return 0;
        });
        _fence.Committed();
        foreach (var append in appends)
        {
            if (append.Fits)
                _tail.Count(append);
        }
    }

    /// <summary>Moves the tail to its place, in a transaction of its own. Where it throws the lines are as durable as before, and another move is due later.</summary>
    /// <exception cref="SqliteException">The disk is full or fails.</exception>
    /// <exception cref="InvalidDataException">The file holds what no program of this kind writes.</exception>
    public void MoveTail()
    {
        try
        {
            _transactions.Run(_tail, static tail =>
            {
                tail.Move();
                return 0;
            });
            _tail.Moved();
        }
        catch
        {
            _tail.NotMoved();
            throw;
        }
    }

    /// <summary>Closes the file. A tail stays in it, as after a crash: a move at every end would make one more thing that can fail there, for nothing.</summary>
    public void Dispose()
    {
        _tail?.Dispose();
        _fence?.Dispose();
        _transactions?.Dispose();
        _connection.Dispose();
    }
}
