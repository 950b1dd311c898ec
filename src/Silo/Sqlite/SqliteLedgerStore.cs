using LlmTr.Grains.Accounts;
using LlmTr.Grains.Snapshots;
using Microsoft.Data.Sqlite;

namespace LlmTr.Silo.Sqlite;

/// <summary>
/// Ledgers of all accounts in one SQLite file (WAL, <c>synchronous=FULL</c>). One writer thread puts all waiting appends of all accounts into one
/// transaction, so that one flush of the disk makes many of them durable; a conflict fails only its own account. Reads have a thread and
/// a connection of their own.
/// </summary>
public sealed class SqliteLedgerStore : ILedgerStore, IDisposable
{
    private const int SchemaVersion = 1;

    // An append waits for one flush at most; ten thousand waiting means a disk that has stopped, and more would only delay the refusal.
    private const int MostWaiting = 10_000;

    // Bounds how long one transaction takes, and with it the latency of the first append in it.
    private const int MostPerTransaction = 2_000;

    // A checkpoint copies every page that has changed since the last one into the file, mostly the same ones again: 16 MB of log between two in place of SQLite's 4.
    private const int PagesPerCheckpoint = 4_000;

    // A load gives no more lines than these, about 20 MB; who has no snapshot reads the rest page by page.
    private const int MostPerLoad = 50_000;

    private readonly SqliteConnection _writing;
    private readonly SqliteConnection _reading;
    private readonly SqliteSnapshots _snapshots;
    private readonly SqliteCommand _insert;
    private readonly WorkerThread<Append> _writer;
    private readonly WorkerThread<Action> _reader;
    private long _transactions;
    private bool _disposed;

    /// <summary>Opens or creates <c>ledger.db</c> in a folder.</summary>
    /// <exception cref="DataFolderException">The file is not a ledger, or a newer version made it.</exception>
    public SqliteLedgerStore(DataFolder folder)
    {
        var file = Path.Combine(folder.Path, "ledger.db");
        try
        {
            _writing = Open(file);
            Prepare(_writing, file);
            Run(_writing, $"PRAGMA wal_autocheckpoint = {PagesPerCheckpoint}");
            _reading = Open(file);
            _snapshots = new SqliteSnapshots(Path.Combine(folder.Path, "snapshots.db"));
        }
        catch (Exception exception)
        {
            // Nobody gets this object, so nobody else can close the file.
            _reading?.Dispose();
            _writing?.Dispose();
            if (exception is not SqliteException)
                throw;
            throw new DataFolderException($"The ledger '{file}' cannot be opened ({exception.Message.TrimEnd('.')}). Put a sound file in its place, or give LLMTR_DATA another folder.", exception);
        }

        _insert = _writing.CreateCommand();

        // The fence: the row goes in only where it follows the account's last one.
        _insert.CommandText = """
            INSERT INTO ledger (account, first_seq, last_seq, lines)
            SELECT $account, $first, $last, $lines
            WHERE $first = 1 + coalesce((SELECT last_seq FROM ledger WHERE account = $account ORDER BY first_seq DESC LIMIT 1), 0)
            """;
        _insert.Parameters.Add("$account", SqliteType.Text);
        _insert.Parameters.Add("$first", SqliteType.Integer);
        _insert.Parameters.Add("$last", SqliteType.Integer);
        _insert.Parameters.Add("$lines", SqliteType.Blob);
        _insert.Prepare();

        _writer = new WorkerThread<Append>("ledger writer", MostWaiting, MostPerTransaction, Commit);
        _reader = new WorkerThread<Action>("ledger reader", MostWaiting, mostAtOnce: 1, static reads => reads[0]());
    }

    /// <summary>How many transactions were tried, for tests and measurements of how many appends share one.</summary>
    internal long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>How many appends no transaction has taken yet.</summary>
    internal int Waiting => _writer.Waiting;

    /// <summary>Makes the disk full for a test: beyond this size of the file (pages of 4,096 bytes) SQLite refuses as it does there. Only while nothing is being written.</summary>
    internal int MostPages
    {
        set => Run(_writing, $"PRAGMA max_page_count = {value}");
    }

    /// <inheritdoc/>
    public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation) => Read(() => Load(account, cancellation), cancellation);

    /// <inheritdoc/>
    public Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _snapshots.SaveAsync(account, snapshot);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        Read<IReadOnlyList<byte[]>>(() => Lines(account, fromSeq, limit, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) =>
        Read<IReadOnlyList<string>>(() => Accounts(after, limit), cancellation);

    /// <inheritdoc/>
    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfZero(lines.Count, nameof(lines));
        var append = new Append(account, position, Join(lines), lines.Count);
        if (!_writer.TryAdd(append))
            throw new IOException("The ledger's writer takes no more appends: the disk does not keep up, or the program is ending.");
        return append.Done.Task;
    }

    /// <summary>Writes what is waiting and closes the file.</summary>
    public void Dispose()
    {
        // A container that knows the store by two names disposes of it for each.
        if (_disposed)
            return;
        _disposed = true;
        _writer.Dispose();
        _reader.Dispose();
        _snapshots.Dispose();
        _insert.Dispose();
        _reading.Dispose();
        _writing.Dispose();
    }

    internal static SqliteConnection Open(string file, string synchronous = "FULL")
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

    private static void Prepare(SqliteConnection connection, string file)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "PRAGMA user_version";
        var version = (long)read.ExecuteScalar()!;
        if (version > SchemaVersion)
        {
            throw new DataFolderException(
                $"The ledger '{file}' was made by a newer version of this program (schema {version}, known up to {SchemaVersion}). Start that one, or give LLMTR_DATA another folder.");
        }

        Run(connection, $"""
            CREATE TABLE IF NOT EXISTS ledger (
              account   TEXT    NOT NULL,
              first_seq INTEGER NOT NULL,
              last_seq  INTEGER NOT NULL,
              lines     BLOB    NOT NULL,
              UNIQUE (account, first_seq));
            CREATE INDEX IF NOT EXISTS ledger_accounts ON ledger (account) WHERE first_seq = 1;
            PRAGMA user_version = {SchemaVersion};
            """);
    }

    internal static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Commit(IReadOnlyList<Append> appends)
    {
        Interlocked.Increment(ref _transactions);
        var fits = new bool[appends.Count];
        try
        {
            using var transaction = _writing.BeginTransaction();
            _insert.Transaction = transaction;
            for (var i = 0; i < appends.Count; i++)
                fits[i] = Insert(appends[i]);
            transaction.Commit();
        }
        catch (Exception exception)
        {
            foreach (var append in appends)
                append.Done.SetException(new IOException($"The ledger could not be written ({exception.Message.TrimEnd('.')}).", exception));
            return;
        }

        for (var i = 0; i < appends.Count; i++)
        {
            if (fits[i])
                appends[i].Done.SetResult(appends[i].Next);
            else
                appends[i].Done.SetException(new LedgerConflictException());
        }
    }

    private bool Insert(Append append)
    {
        _insert.Parameters[0].Value = append.Account;
        _insert.Parameters[1].Value = append.Position.Offset + 1;
        _insert.Parameters[2].Value = append.Next.Offset;
        _insert.Parameters[3].Value = append.Lines;
        return _insert.ExecuteNonQuery() == 1;
    }

    private StoredLedger Load(string account, CancellationToken cancellation)
    {
        using var command = _reading.CreateCommand();
        command.CommandText = "SELECT last_seq FROM ledger WHERE account = $account ORDER BY first_seq DESC LIMIT 1";
        command.Parameters.AddWithValue("$account", account);
        var last = (long?)command.ExecuteScalar() ?? 0;
        if (last == 0)
            return new StoredLedger([], LedgerPosition.Start);

        // One from beyond the end is of another ledger: a copy of this one was put back, and the snapshots were not.
        var snapshot = _snapshots.Load(account) is { } found && found.Seq <= last ? found : default;
        var from = Math.Max(Math.Max(1, snapshot.Seq), last - MostPerLoad + 1);
        return new StoredLedger(Lines(account, from, (int)(last - from + 1), cancellation), new LedgerPosition(0, last), snapshot.State);
    }

    private List<string> Accounts(string? after, int limit)
    {
        using var command = _reading.CreateCommand();
        command.CommandText = "SELECT account FROM ledger WHERE first_seq = 1 AND account > $after ORDER BY account LIMIT $limit";
        command.Parameters.AddWithValue("$after", after ?? "");
        command.Parameters.AddWithValue("$limit", limit);
        using var rows = command.ExecuteReader();
        var accounts = new List<string>();
        while (rows.Read())
            accounts.Add(rows.GetString(0));
        return accounts;
    }

    private List<byte[]> Lines(string account, long fromSeq, int limit, CancellationToken cancellation)
    {
        using var command = _reading.CreateCommand();

        // The row that holds the first line wanted may begin before it.
        command.CommandText = """
            SELECT first_seq, lines FROM ledger
            WHERE account = $account
              AND first_seq >= coalesce((SELECT max(first_seq) FROM ledger WHERE account = $account AND first_seq <= $from), 0)
            ORDER BY first_seq
            """;
        command.Parameters.AddWithValue("$account", account);
        command.Parameters.AddWithValue("$from", fromSeq);
        using var rows = command.ExecuteReader();
        var lines = new List<byte[]>();
        while (lines.Count < limit && rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var seq = rows.GetInt64(0);
            var joined = rows.GetFieldValue<byte[]>(1).AsSpan();
            foreach (var range in joined.Split((byte)'\n'))
            {
                if (seq++ >= fromSeq && lines.Count < limit)
                    lines.Add(joined[range].ToArray());
            }
        }

        return lines;
    }

    private Task<T> Read<T>(Func<T> read, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queued = _reader.TryAdd(() =>
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                done.SetResult(read());
            }
            catch (OperationCanceledException)
            {
                done.SetCanceled(cancellation);
            }
            catch (Exception exception)
            {
                done.SetException(new IOException($"The ledger could not be read ({exception.Message.TrimEnd('.')}).", exception));
            }
        });
        return queued ? done.Task : throw new IOException("The ledger's reader takes no more reads: the disk does not keep up, or the program is ending.");
    }

    private static byte[] Join(IReadOnlyList<byte[]> lines)
    {
        var length = lines.Count - 1;
        foreach (var line in lines)
        {
            // Rows are split at line ends again: such a line would come back as two, and every sequence number behind it would be wrong.
            if (line.Length == 0 || line.AsSpan().Contains((byte)'\n'))
                throw new ArgumentException("A ledger line is not empty and holds no line end.", nameof(lines));
            length += line.Length;
        }

        var joined = new byte[length];
        var at = 0;
        foreach (var line in lines)
        {
            if (at > 0)
                joined[at++] = (byte)'\n';
            line.CopyTo(joined, at);
            at += line.Length;
        }

        return joined;
    }

    private sealed record Append(string Account, LedgerPosition Position, byte[] Lines, int Count)
    {
        public TaskCompletionSource<LedgerPosition> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LedgerPosition Next => new(0, Position.Offset + Count);
    }
}
