using Microsoft.Data.Sqlite;

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

    /// <summary>Runs statements that answer nothing.</summary>
    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
