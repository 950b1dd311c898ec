using Microsoft.Data.Sqlite;

namespace LlmTr.Silo.Sqlite;

/// <summary>The tables of <c>ledger.db</c>.</summary>
internal static class LedgerSchema
{
    /// <summary>What this program writes, and the newest it can read. 1 had no tail.</summary>
    public const int Version = 2;

    /// <summary>Makes the tables that are missing, in a file that is new or of an earlier version.</summary>
    /// <exception cref="DataFolderException">A newer version of the program made the file; nothing was changed.</exception>
    /// <exception cref="SqliteException">The file cannot be read or written.</exception>
    public static void Prepare(SqliteConnection connection, string file)
    {
        using var read = new SqliteStatement(connection, "PRAGMA user_version");
        var version = read.RunForNumber();
        if (version > Version)
        {
            throw new DataFolderException(
                $"The ledger '{file}' was made by a newer version of this program (schema {version}, known up to {Version}). Start that one, or give LLMTR_DATA another folder.");
        }

        // A start writes nothing where nothing is missing, so that a full disk does not keep the program from reading what it has.
        if (version == Version)
            return;

        // The view is for people with a shell of SQLite's; the program reads the tables.
        SqliteFile.Run(connection, $"""
            BEGIN IMMEDIATE;
            CREATE TABLE IF NOT EXISTS ledger (
              account   TEXT    NOT NULL,
              first_seq INTEGER NOT NULL,
              last_seq  INTEGER NOT NULL,
              lines     BLOB    NOT NULL,
              UNIQUE (account, first_seq));
            CREATE INDEX IF NOT EXISTS ledger_accounts ON ledger (account) WHERE first_seq = 1;
            CREATE TABLE IF NOT EXISTS tail (
              id        INTEGER PRIMARY KEY,
              account   TEXT    NOT NULL,
              first_seq INTEGER NOT NULL,
              last_seq  INTEGER NOT NULL,
              lines     BLOB    NOT NULL);
            CREATE VIEW IF NOT EXISTS ledger_and_tail AS
              SELECT account, first_seq, last_seq, lines FROM ledger
              UNION ALL
              SELECT account, first_seq, last_seq, lines FROM tail;
            PRAGMA user_version = {Version};
            COMMIT;
            """);
    }
}
