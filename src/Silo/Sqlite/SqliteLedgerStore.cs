using LlmTr.Grains.Accounts;
using LlmTr.Grains.Snapshots;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmTr.Silo.Sqlite;

/// <summary>
/// Ledgers of all accounts in one SQLite file (WAL, <c>synchronous=FULL</c>). One writer thread puts all waiting appends of all accounts into one
/// transaction, so that one flush of the disk makes many of them durable; a conflict fails only its own account. Reads have a thread and
/// a connection of their own.
/// </summary>
public sealed partial class SqliteLedgerStore : ILedgerStore, IDisposable
{
    // An append waits for one flush at most; ten thousand waiting means a disk that has stopped, and more would only delay the refusal.
    private const int MostWaiting = 10_000;

    // Bounds how long one transaction takes, and with it the latency of the first append in it.
    private const int MostPerTransaction = 2_000;

    private readonly ILogger _logger;
    private readonly LedgerWriter _ledger;
    private readonly LedgerReader _reads;
    private readonly SqliteSnapshots _snapshots;
    private readonly WorkerThread<LedgerAppend> _writer;
    private readonly WorkerThread<Action> _reader;
    private long _transactions;
    private long _moves;
    private bool _disposed;

    /// <summary>Opens or creates <c>ledger.db</c> in a folder.</summary>
    /// <exception cref="DataFolderException">The file is not a ledger, or a newer version made it.</exception>
    public SqliteLedgerStore(DataFolder folder, ILogger<SqliteLedgerStore>? logger = null)
        : this(folder, logger ?? NullLogger<SqliteLedgerStore>.Instance, LedgerTail.DefaultLong)
    {
    }

    /// <summary>With a tail that is long sooner, for tests.</summary>
    internal SqliteLedgerStore(DataFolder folder, ILogger logger, int longTail)
    {
        _logger = logger;
        var file = Path.Combine(folder.Path, "ledger.db");
        try
        {
            _ledger = new LedgerWriter(file, longTail);
            _reads = new LedgerReader(file);
            _snapshots = new SqliteSnapshots(Path.Combine(folder.Path, "snapshots.db"));
        }
        catch (Exception exception)
        {
            // Nobody gets this object, so nobody else can close the file.
            _reads?.Dispose();
            _ledger?.Dispose();
            if (exception is SqliteException said)
                throw SqliteFile.NotOpened("The ledger", file, said);
            throw;
        }

        _writer = new WorkerThread<LedgerAppend>("ledger writer", MostWaiting, MostPerTransaction, Commit);
        _reader = new WorkerThread<Action>("ledger reader", MostWaiting, mostAtOnce: 1, static reads => reads[0]());
    }

    /// <summary>How many transactions of appends were tried, for tests and measurements of how many appends share one.</summary>
    internal long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>How many times the tail has been moved to its place, for tests.</summary>
    internal long Moves => Interlocked.Read(ref _moves);

    /// <summary>How many appends no transaction has taken yet.</summary>
    internal int Waiting => _writer.Waiting;

    /// <summary>Makes the disk full for a test: beyond this size of the file (pages of 4,096 bytes) SQLite refuses as it does there. Only while nothing is being written.</summary>
    internal int MostPages
    {
        set => _ledger.MostPages = value;
    }

    /// <inheritdoc/>
    public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation) => Read(() => _reads.Load(account, _snapshots, cancellation), cancellation);

    /// <inheritdoc/>
    public Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _snapshots.SaveAsync(account, snapshot);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        Read(() => _reads.Lines(account, fromSeq, limit, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) =>
        Read(() => _reads.Accounts(after, limit), cancellation);

    /// <inheritdoc/>
    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfZero(lines.Count, nameof(lines));
        var append = new LedgerAppend(account, position, LedgerAppend.Join(lines), lines.Count);
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
        _reads.Dispose();
        _ledger.Dispose();
    }

    [LoggerMessage(LogLevel.Error, "The newest lines of ledgers could not be moved to their place in the file. They are durable where they are; it is tried again when as many more have come.")]
    private static partial void LogNotMoved(ILogger logger, Exception exception);

    private void Commit(IReadOnlyList<LedgerAppend> appends)
    {
        Interlocked.Increment(ref _transactions);
        try
        {
            _ledger.Append(appends);
        }
        catch (Exception exception)
        {
            foreach (var append in appends)
                append.Done.SetException(new IOException($"The ledger could not be written ({exception.Message.TrimEnd('.')}).", exception));
            return;
        }

        foreach (var append in appends)
        {
            if (append.Fits)
                append.Done.SetResult(new LedgerPosition(0, append.LastSeq));
            else
                append.Done.SetException(new LedgerConflictException());
        }

        // Only now that all of them are answered: who comes meanwhile waits for it, and goes out with the others who do.
        if (_ledger.TailIsLong)
            MoveTail();
    }

    private void MoveTail()
    {
        try
        {
            _ledger.MoveTail();
            Interlocked.Increment(ref _moves);
        }
        catch (Exception exception)
        {
            // Nobody waits for a move, and nothing is lost with it.
            LogNotMoved(_logger, exception);
        }
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
}
