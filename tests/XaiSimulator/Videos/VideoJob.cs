using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Recording;

namespace LlmTr.XaiSimulator.Videos;

/// <summary>A video in the making. Its time is a number of looks, a span, or a test's word. All members may be used from any thread.</summary>
internal sealed class VideoJob
{
    // The captured steps after the long time at 1.
    private static readonly int[] LastSteps = [18, 56, 94];

    private readonly UsdTicks _cost;
    private readonly TimeSpan _takes;
    private readonly int _polls;
    private int _looks;
    private int _pendingLooks;
    private int _endLooks;
    private volatile bool _isFinished;

    /// <param name="id">Its id.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="model">The model that makes it.</param>
    /// <param name="behaviour">How it goes and ends.</param>
    /// <param name="started">When.</param>
    /// <param name="usualTime">How long it takes where the behaviour says nothing; zero is two looks.</param>
    public VideoJob(string id, VideoRequest request, VideoModel model, Behaviour behaviour, DateTimeOffset started, TimeSpan usualTime)
    {
        const int usualPolls = 2;
        Id = id;
        Prompt = request.Prompt ?? "";
        Seconds = request.Seconds;
        ModelId = model.Id;
        Behaviour = behaviour;
        Started = started;
        _cost = model.Cost(request);
        _takes = behaviour.Takes ?? (behaviour.Polls is null ? usualTime : TimeSpan.Zero);
        _polls = behaviour.Polls ?? (behaviour.Takes is null && usualTime == TimeSpan.Zero ? usualPolls : 0);
    }

    public string Id { get; }

    public string Prompt { get; }

    public long Seconds { get; }

    public string ModelId { get; }

    public Behaviour Behaviour { get; }

    public DateTimeOffset Started { get; }

    /// <summary>What is billed if it ends as it is to.</summary>
    public UsdTicks Billed => Behaviour.Video is VideoEnding.Failed or VideoEnding.Expired or VideoEnding.UnknownStatus
        ? UsdTicks.Zero
        : CostReport.Billed(Behaviour, _cost);

    /// <summary>What the formula says, in ticks.</summary>
    public UsdTicks Cost => _cost;

    /// <summary>Ends it now.</summary>
    public void Finish() => _isFinished = true;

    /// <summary>Looks at it.</summary>
    public Look LookAt(DateTimeOffset now)
    {
        var look = Interlocked.Increment(ref _looks);
        if (look <= (Behaviour.Grace ?? 0))
            return new Look(LookKind.NotThereYet);
        if (look <= (Behaviour.Grace ?? 0) + (Behaviour.PollFaults ?? 0))
            return new Look(LookKind.Trouble);
        if (IsOver(now))
            return new Look(LookKind.Ended) { IsFirstOfEnd = Interlocked.Increment(ref _endLooks) == 1 };
        var pending = Interlocked.Increment(ref _pendingLooks);
        return new Look(LookKind.Pending) { Progress = Progress(now, pending) };
    }

    /// <summary>How it stands.</summary>
    public Video Snapshot(DateTimeOffset now) => new(Id, Prompt, ModelId, Started, State(now), Volatile.Read(ref _looks), Billed);

    private VideoState State(DateTimeOffset now) => !IsOver(now) ? VideoState.Pending : Behaviour.Video switch
    {
        VideoEnding.Flagged or VideoEnding.Moderated => VideoState.Moderated,
        VideoEnding.Failed or VideoEnding.Expired or VideoEnding.UnknownStatus => VideoState.Failed,
        _ => VideoState.Succeeded,
    };

    private bool IsOver(DateTimeOffset now) =>
        _isFinished || (Behaviour.Video != VideoEnding.Never && Volatile.Read(ref _pendingLooks) >= _polls && now - Started >= _takes);

    /// <summary>1 for most of the time, then jumps.</summary>
    private int Progress(DateTimeOffset now, int pending)
    {
        if (Behaviour.Video == VideoEnding.Never)
            return 1;
        if (_takes > TimeSpan.Zero)
        {
            // The captured clip was at 1 for 127 of its 150 seconds.
            var part = (now - Started) / _takes;
            return part < 0.85 ? 1 : part < 0.9 ? LastSteps[0] : part < 0.95 ? LastSteps[1] : LastSteps[2];
        }

        var left = Math.Max(0, _polls - pending);
        return pending == 1 || left >= LastSteps.Length ? 1 : LastSteps[^(left + 1)];
    }
}

/// <summary>What a look at a video finds.</summary>
internal readonly record struct Look(LookKind Kind)
{
    /// <summary>1 to 99, of a video that is pending.</summary>
    public int Progress { get; init; }

    /// <summary>True for the one look that finds it ended first.</summary>
    public bool IsFirstOfEnd { get; init; }
}

/// <summary>The kinds of that.</summary>
internal enum LookKind
{
    /// <summary>404 although it was started.</summary>
    NotThereYet,

    /// <summary>The fault that was ordered.</summary>
    Trouble,

    /// <summary>It is being made.</summary>
    Pending,

    /// <summary>It is at its end.</summary>
    Ended,
}
