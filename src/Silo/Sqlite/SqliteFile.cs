using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LlmTr.Silo.Sqlite;

/// <summary>What the SQLite files of a data folder have in common.</summary>
internal static class SqliteFile
{
    /// <summary>Opens or creates a file (WAL). The caller disposes of the connection.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="synchronous"><c>FULL</c>: on the disk when a transaction ends; <c>NORMAL</c>: whole after a loss of power, but perhaps without the last transactions.</param>
    /// <exception cref="SqliteException">It cannot be opened, or is no database.</exception>
    public static SqliteConnection Open(string file, string synchronous = "FULL")
    {
        // Pooling would keep the file open after Dispose.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Run(connection, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA busy_timeout = 5000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What a start says of a file that cannot be opened. Only of one that SQLite calls damaged does it say to replace it: a full disk is no reason to part with a sound ledger.</summary>
    /// <param name="what">What the file holds, as a sentence begins.</param>
    /// <param name="file">Its path.</param>
    /// <param name="exception">What SQLite said.</param>
    public static DataFolderException NotOpened(string what, string file, SqliteException exception) => new(
        $"{what} '{file}' cannot be opened ({exception.Message.TrimEnd('.')}). "
        + (exception.SqliteErrorCode is raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT
            ? "Put a sound file in its place, or give LLMTR_DATA another folder."
            : "Nothing says that it is damaged: see that the disk of LLMTR_DATA has room and works, and that this user can write there."),
        exception);

    /// <summary>Runs statements that answer nothing.</summary>
    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
