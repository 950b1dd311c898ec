namespace LlmTr.Grains.Video;

/// <summary>The time limits of video jobs: section <c>Video</c> of the configuration.</summary>
public sealed class VideoJobOptions
{
    /// <summary>The public path, for the ledger.</summary>
    public const string Endpoint = "/v1/video/generations";

    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement =
        "Video: every time must be above zero, PollLimit at most 7 days, LongestPoll at least FirstPoll, KeepJobs at least 1 day, MaxPollsInFlight and CopyAttempts at least 1, and MaxFileBytes at least 1024.";

    /// <summary>From sending the POST to the end of its answer (300 s for everything but text).</summary>
    public TimeSpan SubmitLimit { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>How long beyond that another attempt may be on its way; then the submission counts as lost.</summary>
    public TimeSpan SubmitMargin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a job may wait until xAI can be reached; then it fails.</summary>
    public TimeSpan SubmitPatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The first pause between polls.</summary>
    public TimeSpan FirstPoll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest, where nobody waits for the job.</summary>
    public TimeSpan LongestPoll { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest, where a caller waits: it is to have its answer within a second of the provider's end.</summary>
    public TimeSpan AttendedPoll { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long one poll may take.</summary>
    public TimeSpan PollTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>From the start at xAI on, after which an answer without news ends the polling.</summary>
    public TimeSpan PollLimit { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long xAI may say without a break that it does not know the job, before it is believed.</summary>
    public TimeSpan UnknownGrace { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The first pause after a failure of ours: an account or a store that cannot be reached.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest.</summary>
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Polls of one silo at one time.</summary>
    public int MaxPollsInFlight { get; set; } = 256;

    /// <summary>How often a file is tried to be copied.</summary>
    public int CopyAttempts { get; set; } = 3;

    /// <summary>How long one try may take.</summary>
    public TimeSpan CopyTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The largest file that is copied, bytes.</summary>
    public long MaxFileBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>How long a file is kept.</summary>
    public TimeSpan KeepFiles { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a finished job is kept, and with it its <c>Idempotency-Key</c>.</summary>
    public TimeSpan KeepJobs { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often open markers are looked through.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>A marker older than this whose job has no state is cleared away.</summary>
    public TimeSpan OldMarker { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The life of a job's hold: beyond the last moment at which it can be sent, a day of polling, and the settlement's retries.</summary>
    public TimeSpan HoldLifetime => SubmitPatience + SubmitLimit + SubmitMargin + PollLimit + TimeSpan.FromHours(2);

    /// <summary>True when all are in their ranges.</summary>
    public bool IsValid =>
        new[]
        {
            SubmitLimit, SubmitMargin, SubmitPatience, FirstPoll, AttendedPoll, PollTimeout, PollLimit, UnknownGrace, FirstRetry, LongestRetry, CopyTimeout, KeepFiles, SweepEvery, OldMarker,
        }.All(static time => time > TimeSpan.Zero)
        && PollLimit <= TimeSpan.FromDays(7)
        && LongestPoll >= FirstPoll
        && KeepJobs >= TimeSpan.FromDays(1)
        && MaxPollsInFlight >= 1
        && CopyAttempts >= 1
        && MaxFileBytes >= 1024;
}
