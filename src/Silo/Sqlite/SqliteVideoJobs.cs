using System.Security.Cryptography;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace LlmTr.Silo.Sqlite;

/// <summary>
/// Video jobs and their open markers in one SQLite file (WAL, <c>synchronous=FULL</c>). One writer thread puts all waiting writes of all jobs into one transaction; a
/// conflict fails only its own job. Reads have a thread and a connection of their own.
/// </summary>
public sealed class SqliteVideoJobs : IVideoJobStore, IOpenMarkers, IDisposable
{
    private const int SchemaVersion = 1;

    // More waiting than this means a disk that has stopped.
    private const int MostWaiting = 50_000;

    // Bounds how long one transaction takes, and with it the latency of the first write in it.
    private const int MostPerTransaction = 2_000;

    private readonly SqliteConnection _writing;
    private readonly SqliteConnection _reading;
    private readonly WorkerThread<JobWrite> _writer;
    private readonly WorkerThread<Action> _reader;
    private bool _disposed;

    /// <summary>Opens or creates <c>jobs.db</c> in a folder.</summary>
    /// <exception cref="DataFolderException">The file holds no jobs, or a newer version made it.</exception>
    public SqliteVideoJobs(DataFolder folder)
    {
        var file = Path.Combine(folder.Path, "jobs.db");
        try
        {
            _writing = SqliteFile.Open(file);

            // A finished job keeps no prompt, and neither does the room that it took in the file.
            SqliteFile.Run(_writing, "PRAGMA secure_delete = ON");
            Prepare(_writing, file);
            _reading = SqliteFile.Open(file);
        }
        catch (Exception exception)
        {
            // Nobody gets this object, so nobody else can close the file.
            _reading?.Dispose();
            _writing?.Dispose();
            if (exception is SqliteException said)
                throw SqliteFile.NotOpened("The video jobs", file, said);
            throw;
        }

        _writer = new WorkerThread<JobWrite>("job writer", MostWaiting, MostPerTransaction, Commit);
        _reader = new WorkerThread<Action>("job reader", MostWaiting, mostAtOnce: 1, static reads => reads[0]());
    }

    /// <inheritdoc/>
    public Task<StoredVideoJob?> ReadAsync(string id, CancellationToken cancellation) => Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT etag, state FROM jobs WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        using var row = command.ExecuteReader();
        return row.Read() ? new StoredVideoJob(VideoJobJson.Read(row.GetFieldValue<byte[]>(1)), row.GetString(0)) : null;
    }, cancellation);

    /// <inheritdoc/>
    public async Task<string> WriteAsync(string id, VideoJob job, string? etag, CancellationToken cancellation)
    {
        // Of no use to anyone but whoever read it: an ETag that is never used again, also not after a job was taken away and begun anew.
        var next = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var state = VideoJobJson.Write(job);
        var status = (long)job.View(id, job.CreatedAt).Status;
        await Write(etag is null ? Insert : Update, command =>
        {
            command.Parameters.AddWithValue("$id", id);
            command.Parameters.AddWithValue("$etag", (object?)etag ?? DBNull.Value);
            command.Parameters.AddWithValue("$next", next);
            command.Parameters.AddWithValue("$key", job.KeyId);
            command.Parameters.AddWithValue("$status", status);
            command.Parameters.AddWithValue("$created", job.CreatedAt.ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$over", (object?)job.CompletedAt?.ToUnixTimeMilliseconds() ?? DBNull.Value);
            command.Parameters.AddWithValue("$state", state);
        }, fails: () => new InconsistentStateException($"The video job '{id}' was written by another since it was read."), cancellation);
        return next;
    }

    /// <inheritdoc/>
    public Task ClearAsync(string id, string etag, CancellationToken cancellation) => Write("DELETE FROM jobs WHERE id = $id AND etag = $etag", command =>
    {
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$etag", etag);
    }, fails: () => new InconsistentStateException($"The video job '{id}' was written by another since it was read."), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<(string Id, VideoJob Job)>> ListAsync(VideoJobQuery query, CancellationToken cancellation) =>
        Read<IReadOnlyList<(string, VideoJob)>>(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"""
                SELECT id, state FROM jobs
                WHERE {(query.KeyId is null ? "key_id <> ''" : "key_id = $key")}
                {(query.Status is null ? "" : "AND status = $status")}
                {(query.After is null ? "" : "AND (created_at, id) < (SELECT created_at, id FROM jobs WHERE id = $after)")}
                ORDER BY created_at DESC, id DESC LIMIT $limit
                """;
            command.Parameters.AddWithValue("$key", (object?)query.KeyId ?? DBNull.Value);
            command.Parameters.AddWithValue("$status", (object?)(long?)query.Status ?? DBNull.Value);
            command.Parameters.AddWithValue("$after", (object?)query.After ?? DBNull.Value);
            command.Parameters.AddWithValue("$limit", query.Limit + 1L);
            using var rows = command.ExecuteReader();
            var jobs = new List<(string, VideoJob)>();
            while (rows.Read())
                jobs.Add((rows.GetString(0), VideoJobJson.Read(rows.GetFieldValue<byte[]>(1))));
            return jobs;
        }, cancellation);

    /// <inheritdoc/>
    public Task<int> ForgetAsync(DateTimeOffset overBefore, int limit, CancellationToken cancellation) =>
        Write("DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE over_at < $before LIMIT $limit)", command =>
        {
            command.Parameters.AddWithValue("$before", overBefore.ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$limit", limit);
        }, fails: null, cancellation);

    /// <inheritdoc/>
    public Task OpenAsync(OpenMarker marker, CancellationToken cancellation) => Write(
        "INSERT INTO markers (job_id, token, set_at) VALUES ($id, $token, $at) ON CONFLICT DO NOTHING", command =>
    {
        command.Parameters.AddWithValue("$id", marker.JobId);
        command.Parameters.AddWithValue("$token", marker.Token);
        command.Parameters.AddWithValue("$at", marker.SetAt.ToUnixTimeMilliseconds());
    }, fails: null, cancellation);

    /// <inheritdoc/>
    public Task CloseAsync(string jobId, string token, CancellationToken cancellation) => Write("DELETE FROM markers WHERE job_id = $id AND token = $token", command =>
    {
        command.Parameters.AddWithValue("$id", jobId);
        command.Parameters.AddWithValue("$token", token);
    }, fails: null, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OpenMarker>> ListAsync(OpenMarker? after, int limit, CancellationToken cancellation) => Read<IReadOnlyList<OpenMarker>>(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT job_id, token, set_at FROM markers WHERE (job_id, token) > ($id, $token) ORDER BY job_id, token LIMIT $limit";
        command.Parameters.AddWithValue("$id", after?.JobId ?? "");
        command.Parameters.AddWithValue("$token", after?.Token ?? "");
        command.Parameters.AddWithValue("$limit", limit);
        using var rows = command.ExecuteReader();
        var markers = new List<OpenMarker>();
        while (rows.Read())
            markers.Add(new OpenMarker(rows.GetString(0), rows.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(2))));
        return markers;
    }, cancellation);

    /// <summary>Writes what is waiting and closes the file.</summary>
    public void Dispose()
    {
        // A container that knows the store by two names disposes of it for each.
        if (_disposed)
            return;
        _disposed = true;
        _writer.Dispose();
        _reader.Dispose();
        foreach (var command in _commands.Values)
            command.Dispose();
        _reading.Dispose();
        _writing.Dispose();
    }

    private const string Insert = """
        INSERT INTO jobs (id, etag, key_id, status, created_at, over_at, state) VALUES ($id, $next, $key, $status, $created, $over, $state)
        ON CONFLICT DO NOTHING
        """;

    private const string Update = """
        UPDATE jobs SET etag = $next, key_id = $key, status = $status, created_at = $created, over_at = $over, state = $state WHERE id = $id AND etag = $etag
        """;

    // By their text, prepared once; the writer's thread alone uses them.
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private static void Prepare(SqliteConnection connection, string file)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "PRAGMA user_version";
        var version = (long)read.ExecuteScalar()!;
        if (version > SchemaVersion)
        {
            throw new DataFolderException(
                $"The video jobs '{file}' were made by a newer version of this program (schema {version}, known up to {SchemaVersion}). Start that one, or give LLMTR_DATA another folder.");
        }

        // As for the ledger: a start writes nothing where nothing is missing.
        if (version == SchemaVersion)
            return;
        SqliteFile.Run(connection, $"""
            CREATE TABLE IF NOT EXISTS jobs (
              id         TEXT    PRIMARY KEY,
              etag       TEXT    NOT NULL,
              key_id     TEXT    NOT NULL,
              status     INTEGER NOT NULL,
              created_at INTEGER NOT NULL,
              over_at    INTEGER,
              state      BLOB    NOT NULL);
            CREATE INDEX IF NOT EXISTS jobs_of_key ON jobs (key_id, created_at, id);
            CREATE INDEX IF NOT EXISTS jobs_by_age ON jobs (created_at, id);
            CREATE INDEX IF NOT EXISTS jobs_over ON jobs (over_at) WHERE over_at IS NOT NULL;
            CREATE TABLE IF NOT EXISTS markers (job_id TEXT NOT NULL, token TEXT NOT NULL, set_at INTEGER NOT NULL, PRIMARY KEY (job_id, token)) WITHOUT ROWID;
            PRAGMA user_version = {SchemaVersion};
            """);
    }

    private void Commit(IReadOnlyList<JobWrite> writes)
    {
        var changed = new int[writes.Count];
        try
        {
            using var transaction = _writing.BeginTransaction();
            for (var i = 0; i < writes.Count; i++)
                changed[i] = Run(writes[i], transaction);
            transaction.Commit();
        }
        catch (Exception exception)
        {
            foreach (var write in writes)
                write.Done.SetException(new IOException($"The video jobs could not be written ({exception.Message.TrimEnd('.')}).", exception));
            return;
        }

        for (var i = 0; i < writes.Count; i++)
        {
            if (changed[i] == 0 && writes[i].Fails is { } fails)
                writes[i].Done.SetException(fails());
            else
                writes[i].Done.SetResult(changed[i]);
        }
    }

    private int Run(JobWrite write, SqliteTransaction transaction)
    {
        if (!_commands.TryGetValue(write.Sql, out var command))
        {
            command = _writing.CreateCommand();
            command.CommandText = write.Sql;
            _commands.Add(write.Sql, command);
        }

        command.Transaction = transaction;
        command.Parameters.Clear();
        write.Bind(command);
        return command.ExecuteNonQuery();
    }

    private Task<int> Write(string sql, Action<SqliteCommand> bind, Func<Exception>? fails, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var write = new JobWrite(sql, bind, fails);
        return _writer.TryAdd(write)
            ? write.Done.Task
            : throw new IOException("The writer of video jobs takes no more: the disk does not keep up, or the program is ending.");
    }

    private Task<T> Read<T>(Func<SqliteConnection, T> read, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queued = _reader.TryAdd(() =>
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                done.SetResult(read(_reading));
            }
            catch (OperationCanceledException)
            {
                done.SetCanceled(cancellation);
            }
            catch (Exception exception)
            {
                done.SetException(new IOException($"The video jobs could not be read ({exception.Message.TrimEnd('.')}).", exception));
            }
        });
        return queued ? done.Task : throw new IOException("The reader of video jobs takes no more: the disk does not keep up, or the program is ending.");
    }

    private sealed record JobWrite(string Sql, Action<SqliteCommand> Bind, Func<Exception>? Fails)
    {
        public TaskCompletionSource<int> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
