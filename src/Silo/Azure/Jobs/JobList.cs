using System.Runtime.CompilerServices;
using LlmTr.Grains.Abstractions.Video;

namespace LlmTr.Silo.Azure.Jobs;

/// <summary>One list of jobs by their names: of a key or of all, in a status or in any.</summary>
internal sealed class JobList(JobContainer blobs, string? keyId, VideoJobStatus? status)
{
    private readonly string _list = JobBlobs.List(keyId, status);

    /// <summary>Its jobs behind one, the youngest first; of one millisecond the highest id first.</summary>
    /// <param name="after">Behind which; null from the youngest on.</param>
    /// <param name="about">How many are wanted, as far as known.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<(string JobId, long CreatedMs)> ReadAsync(JobBeginning? after, int about, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var from = after is { } start ? _list + JobBlobs.Age(start.CreatedMs) : null;

        // Names of one millisecond come lowest first: they are gathered and turned round.
        var together = new List<(string JobId, long CreatedMs)>();
        await foreach (var blob in blobs.ListAsync(_list, from, about, cancellation))
        {
            var next = JobBlobs.ReadListed(_list, blob.Name);
            if (together.Count > 0 && together[0].CreatedMs != next.CreatedMs)
            {
                for (var i = together.Count - 1; i >= 0; i--)
                    yield return together[i];
                together.Clear();
            }

            if (after is not { } passed || next.CreatedMs != passed.CreatedMs || string.CompareOrdinal(next.JobId, passed.JobId) < 0)
                together.Add(next);
        }

        for (var i = together.Count - 1; i >= 0; i--)
            yield return together[i];
    }
}
