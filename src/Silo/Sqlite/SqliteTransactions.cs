using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LlmTr.Silo.Sqlite;

/// <summary>The transactions of one connection, one after the other.</summary>
/// <param name="connection">The connection.</param>
/// <param name="begin"><c>BEGIN IMMEDIATE</c> takes the file's write lock at once, so that nobody writes between a look and what follows from it; <c>BEGIN</c> reads one state of the file throughout.</param>
internal sealed class SqliteTransactions(SqliteConnection connection, string begin) : IDisposable
{
    private readonly SqliteStatement _begin = new(connection, begin);
    private readonly SqliteStatement _commit = new(connection, "COMMIT");
    private readonly SqliteStatement _rollback = new(connection, "ROLLBACK");

    /// <summary>Does something as one step: all of it is in the file when this returns, and nothing (or, where the disk failed in the last moment, perhaps all) when it throws.</summary>
    /// <exception cref="SqliteException">SQLite refused; whatever <paramref name="work"/> throws comes through as well.</exception>
    public TResult Run<TArgument, TResult>(TArgument argument, Func<TArgument, TResult> work)
    {
        // One that could not even be rolled back: what is open would keep every later one from beginning.
        RollBack();
        _begin.Run();
        try
        {
            var result = work(argument);
            _commit.Run();
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
    }

    private void RollBack()
    {
        // SQLite ends a transaction by itself where the disk is full or fails.
        if (raw.sqlite3_get_autocommit(connection.Handle!) == 0)
            _rollback.Run();
    }
}
