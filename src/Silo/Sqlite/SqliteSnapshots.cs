using LlmTr.Grains.Snapshots;
using Microsoft.Data.Sqlite;

namespace LlmTr.Silo.Sqlite;

/// <summary>
/// Snapshots of accounts in an SQLite file of their own, which may be deleted at any time when the program is not running: they are made again. Apart from the ledgers,
/// so that writing a large one keeps no append waiting; not flushed at once, since losing one costs time only.
/// </summary>
internal sealed class SqliteSnapshots : IDisposable
{
    // One of an account at a time, and accounts cut theirs at different moments; where the disk lags behind that far, the next ones are better.
    private const int MostWaiting = 1_000;

    private readonly SqliteConnection _writing;
    private readonly SqliteConnection _reading;
    private readonly WorkerThread<Save> _writer;

    /// <summary>Opens or creates the file; one that is damaged is made anew.</summary>
    /// <exception cref="SqliteException">Nor can a new one be made.</exception>
    public SqliteSnapshots(string file)
    {
        try
        {
            _writing = OpenWithTable(file);
        }
        catch (SqliteException)
        {
            foreach (var part in new[] { file, file + "-wal", file + "-shm" })
                File.Delete(part);
            _writing = OpenWithTable(file);
        }

        try
        {
            _reading = SqliteFile.Open(file);
        }
        catch
        {
            _writing.Dispose();
            throw;
        }

        _writer = new WorkerThread<Save>("snapshot writer", MostWaiting, mostAtOnce: 1, Write);
    }

    /// <summary>The last snapshot of an account, which its entry is to be compared with. Not for two threads at once.</summary>
    public (long Seq, byte[] State)? Load(string account)
    {
        try
        {
            using var command = _reading.CreateCommand();
            command.CommandText = "SELECT seq, state FROM snapshots WHERE account = $account";
            command.Parameters.AddWithValue("$account", account);
            using var row = command.ExecuteReader();
            return row.Read() ? (row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : null;
        }
        catch (SqliteException)
        {
            // A shortcut that is damaged is none: the ledger is whole without it, and the next snapshot that cannot be saved is told.
            return null;
        }
    }

    /// <summary>Queues a snapshot; it is encoded and written on a thread of this object.</summary>
    public Task SaveAsync(string account, LedgerSnapshot snapshot)
    {
        var save = new Save(account, snapshot);
        return _writer.TryAdd(save) ? save.Done.Task : throw new IOException("The writer of snapshots takes no more: the disk does not keep up, or the program is ending.");
    }

    /// <summary>Writes what is waiting and closes the file.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _reading.Dispose();
        _writing.Dispose();
    }

    private static SqliteConnection OpenWithTable(string file)
    {
        var connection = SqliteFile.Open(file, synchronous: "NORMAL");
        try
        {
            SqliteFile.Run(connection, "CREATE TABLE IF NOT EXISTS snapshots (account TEXT PRIMARY KEY, seq INTEGER NOT NULL, state BLOB NOT NULL)");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Write(IReadOnlyList<Save> saves)
    {
        var save = saves[0];
        try
        {
            using var command = _writing.CreateCommand();
            command.CommandText = "REPLACE INTO snapshots (account, seq, state) VALUES ($account, $seq, $state)";
            command.Parameters.AddWithValue("$account", save.Account);
            command.Parameters.AddWithValue("$seq", save.Snapshot.Seq);
            command.Parameters.AddWithValue("$state", save.Snapshot.Encode());
            command.ExecuteNonQuery();
            save.Done.SetResult();
        }
        catch (Exception exception)
        {
            save.Done.SetException(new IOException($"The snapshot could not be written ({exception.Message.TrimEnd('.')}).", exception));
        }
    }

    private sealed record Save(string Account, LedgerSnapshot Snapshot)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
