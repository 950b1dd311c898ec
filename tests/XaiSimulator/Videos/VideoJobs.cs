using System.Collections.Concurrent;
using LlmTr.Money;
using LlmTr.XaiSimulator.Recording;

namespace LlmTr.XaiSimulator.Videos;

/// <summary>Every video that was started. None is forgotten before a test says so: ten thousand are a few megabytes.</summary>
internal sealed class VideoJobs(TimeProvider time, TimeSpan usualTime)
{
    private readonly ConcurrentDictionary<string, VideoJob> _jobs = [];
    private readonly ConcurrentQueue<VideoJob> _inOrder = [];

    /// <summary>How long one takes where nobody says anything.</summary>
    public TimeSpan UsualTime => usualTime;

    /// <summary>Adds one.</summary>
    public void Add(VideoJob job)
    {
        _jobs[job.Id] = job;
        _inOrder.Enqueue(job);
    }

    /// <summary>The job of that id, or null.</summary>
    public VideoJob? Find(string id) => _jobs.GetValueOrDefault(id);

    /// <summary>Ends one, or all.</summary>
    public void Finish(string? id)
    {
        foreach (var job in _jobs.Values)
        {
            if (id is null || job.Id == id)
                job.Finish();
        }
    }

    /// <summary>All in the order of their start.</summary>
    public IReadOnlyList<Video> Snapshot()
    {
        var now = time.GetUtcNow();
        return [.. _inOrder.Select(job => job.Snapshot(now))];
    }

    /// <summary>Their sums.</summary>
    public VideoBooks Books()
    {
        var videos = Snapshot();
        return new VideoBooks(
            videos.Count,
            Count(VideoState.Pending),
            Count(VideoState.Succeeded),
            Count(VideoState.Moderated),
            Count(VideoState.Failed),
            videos.Where(video => video.State == VideoState.Succeeded).Aggregate(UsdTicks.Zero, (sum, video) => sum + video.Cost),
            videos.GroupBy(video => video.Prompt).Select(same => same.Count()).DefaultIfEmpty().Max());

        int Count(VideoState state) => videos.Count(video => video.State == state);
    }

    /// <summary>Forgets them for the sums; their ids and files stay.</summary>
    public void Reset() => _inOrder.Clear();
}
