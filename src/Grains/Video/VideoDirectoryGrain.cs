using LlmTr.Grains.Abstractions.Video;
using Orleans.Concurrency;

namespace LlmTr.Grains.Video;

/// <summary>The way from the front end, which has no store, to the list of jobs. Stateless: any silo answers, as many calls at once as come.</summary>
[StatelessWorker, Reentrant]
public sealed class VideoDirectoryGrain(VideoJobServices services) : Grain, IVideoDirectoryGrain
{
    private const int MostPerCall = 1000;

    /// <inheritdoc/>
    public async Task<VideoJobPage> List(VideoJobQuery query, CancellationToken cancellation = default)
    {
        var limit = Math.Clamp(query.Limit, 1, MostPerCall);
        try
        {
            var found = await services.Store.ListAsync(query with { Limit = limit }, cancellation);
            var now = services.Clock.GetUtcNow();
            return new VideoJobPage { Jobs = [.. found.Take(limit).Select(row => row.Job.View(row.Id, now))], HasMore = found.Count > limit };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new VideoJobUnavailableException("The list of jobs cannot be read.", exception);
        }
    }
}
