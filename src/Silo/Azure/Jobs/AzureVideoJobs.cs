using Azure.Storage.Blobs;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using Orleans.Storage;

namespace LlmTr.Silo.Azure.Jobs;

/// <summary>
/// Video jobs of a cluster: their state in a grain storage by ETag, and beside it empty blobs whose names are the lists. A name is there before the state that it tells of,
/// and a list believes nothing but the state: so no job is ever missing from a list, and a name that a killed process left behind costs one read. What such a name costs ends when its job
/// is forgotten, which takes all names that the job can have.
/// </summary>
/// <remarks>
/// A read is one request, two where there is no job. A write is one; four more requests at once before it where a job begins, two before and two behind where its status changes, one more
/// before it at its end. For the lists see <see cref="ListAsync"/> and <see cref="ForgetAsync"/>. The account must have no hierarchical namespace: there, names are in another order.
/// </remarks>
public sealed class AzureVideoJobs(BlobContainerClient container, IGrainStorage storage) : IVideoJobStore
{
    // As if the grain kept it itself.
    private const string StateName = "job", GrainTypeName = "videojob";

    private const int MostAtOnce = 16;

    private readonly JobContainer _blobs = new(container);

    /// <inheritdoc/>
    /// <exception cref="IOException">It could not be read; also where the container is missing, which is not "no such job".</exception>
    /// <exception cref="InvalidDataException">What is stored is no job.</exception>
    public async Task<StoredVideoJob?> ReadAsync(string id, CancellationToken cancellation)
    {
        try
        {
            var state = new GrainState<VideoJob>();
            await storage.ReadStateAsync(StateName, Grain(id), state, cancellation);
            if (state.RecordExists)
                return new StoredVideoJob(state.State!, JobVersion.Of(state.ETag!, state.State!).ToString());

            // A grain storage reads a container that is gone as no state.
            return await _blobs.ExistsAsync(cancellation) ? null : throw new IOException("The container of video jobs is missing.");
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of($"The video job '{id}' could not be read", exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">It is not known whether it was written.</exception>
    public async Task<string> WriteAsync(string id, VideoJob job, string? etag, CancellationToken cancellation)
    {
        var beginning = JobBeginning.Of(id, job);
        JobVersion? before = etag is null ? null : JobVersion.Parse(etag);
        var status = JobVersion.Of("", job).Status;
        var isMoved = status != before?.Status;
        try
        {
            await _blobs.MakeAsync(NamesBefore(beginning, job, before?.Status), cancellation);
            var state = new GrainState<VideoJob>(job, before?.ETag) { RecordExists = before is not null };
            await storage.WriteStateAsync(StateName, Grain(id), state, cancellation);
            if (isMoved && before?.Status is { } left)
                await _blobs.DeleteAsync(JobBlobs.InLists(beginning, left), cancellation);
            return new JobVersion(state.ETag!, status).ToString();
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of($"The video job '{id}' could not be written", exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">It is not known whether it is gone.</exception>
    public async Task ClearAsync(string id, string etag, CancellationToken cancellation)
    {
        // Its names are made of what is in it.
        var stored = await ReadAsync(id, cancellation);
        if (stored?.ETag != etag)
            throw new InconsistentStateException($"The video job '{id}' was written by another since it was read.");
        try
        {
            await DeleteAsync(id, stored, cancellation);
            await _blobs.DeleteAsync(JobBlobs.InAllLists(JobBeginning.Of(id, stored.Job)), cancellation);
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of($"The video job '{id}' could not be taken away", exception);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// One request for the names (one for every 5,000 that are listed), one for each job on the page, 16 at once, and one to find the job that the page comes after. A name that was left
    /// behind costs one request more.
    /// </remarks>
    /// <exception cref="IOException">They could not be read.</exception>
    public async Task<IReadOnlyList<(string Id, VideoJob Job)>> ListAsync(VideoJobQuery query, CancellationToken cancellation)
    {
        var after = query.After is { } id ? await ReadAsync(id, cancellation) : null;
        if (query.After is not null && after is null)
            return [];
        var wanted = query.Limit + 1;
        var page = new List<(string, VideoJob)>(wanted);
        try
        {
            var names = new JobList(_blobs, query.KeyId, query.Status).ReadAsync(
                after is null ? null : JobBeginning.Of(query.After!, after.Job), wanted, cancellation);
            var batch = new List<(string JobId, long CreatedMs)>();
            await foreach (var name in names)
            {
                batch.Add(name);
                if (page.Count + batch.Count < wanted)
                    continue;
                await TakeAsync(batch);
                if (page.Count == wanted)
                    return page;
            }

            await TakeAsync(batch);
            return page;
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of("The video jobs could not be listed", exception);
        }

        async Task TakeAsync(List<(string JobId, long CreatedMs)> names)
        {
            var jobs = new VideoJob?[names.Count];
            await Parallel.ForAsync(0, names.Count, InParallel(cancellation), async (i, stop) => jobs[i] = (await ReadAsync(names[i].JobId, stop))?.Job);
            for (var i = 0; i < jobs.Length; i++)
            {
                if (jobs[i] is { } job && IsListed(job, names[i].CreatedMs, query))
                    page.Add((names[i].JobId, job));
            }

            names.Clear();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// One request where there is nothing to forget. For each job that is, one to read it, one to delete its state and 13 to delete its names (a blob service charges for no
    /// deletion), 16 jobs at once.
    /// </remarks>
    /// <exception cref="IOException">It could not be done to the end.</exception>
    public async Task<int> ForgetAsync(DateTimeOffset overBefore, int limit, CancellationToken cancellation)
    {
        var forgotten = 0;
        try
        {
            var before = overBefore.ToUnixTimeMilliseconds();
            var ends = _blobs.ListAsync(JobBlobs.Over, from: null, limit, cancellation).TakeWhile(blob => JobBlobs.ReadEnd(blob.Name).OverMs < before).Take(limit);
            await Parallel.ForEachAsync(ends, InParallel(cancellation), async (blob, stop) =>
            {
                if (await ForgetOneAsync(blob.Name, before, stop))
                    Interlocked.Increment(ref forgotten);
            });
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of("Old video jobs could not be deleted", exception);
        }

        return forgotten;
    }

    // The names go last, and this one after all others: whoever is killed on the way is followed by one who finds it again.
    private async Task<bool> ForgetOneAsync(string end, long before, CancellationToken cancellation)
    {
        var (beginning, _) = JobBlobs.ReadEnd(end);
        var stored = await ReadAsync(beginning.JobId, cancellation);
        var isThis = stored is not null && JobBeginning.Of(beginning.JobId, stored.Job) == beginning;
        var isOld = isThis && stored!.Job.CompletedAt?.ToUnixTimeMilliseconds() < before;
        if (isOld)
        {
            try
            {
                await DeleteAsync(beginning.JobId, stored!, cancellation);
            }
            catch (InconsistentStateException)
            {
                // Somebody works on it: it is not over after all.
                return false;
            }
        }

        // One that goes on, or was over again later, has a name of its own for that.
        if (isOld || !isThis)
            await _blobs.DeleteAsync(JobBlobs.InAllLists(beginning), cancellation);
        await _blobs.DeleteAsync([end], cancellation);
        return isOld;
    }

    private Task DeleteAsync(string id, StoredVideoJob stored, CancellationToken cancellation) => storage.ClearStateAsync(
        StateName, Grain(id), new GrainState<VideoJob>(stored.Job, JobVersion.Parse(stored.ETag).ETag) { RecordExists = true }, cancellation);

    private static IEnumerable<string> NamesBefore(JobBeginning beginning, VideoJob job, VideoJobStatus? before)
    {
        var names = Enumerable.Empty<string>();
        var status = JobVersion.Of("", job).Status;
        if (status is not null && before is null)
            names = JobBlobs.InLists(beginning, null);
        if (status is { } entered && entered != before)
            names = names.Concat(JobBlobs.InLists(beginning, entered));
        return job.CompletedAt is { } over ? names.Append(JobBlobs.End(beginning, over.ToUnixTimeMilliseconds())) : names;
    }

    private static bool IsListed(VideoJob job, long createdMs, VideoJobQuery query) =>
        JobVersion.Of("", job).Status is { } status
        && job.CreatedAt.ToUnixTimeMilliseconds() == createdMs
        && (query.KeyId is null || job.KeyId == query.KeyId)
        && (query.Status is null || status == query.Status);

    private static GrainId Grain(string id) => GrainId.Create(GrainTypeName, id);

    private static ParallelOptions InParallel(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellation };
}
