using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace LlmTr.Grains.Abstractions.Video;

/// <summary>
/// One video job. The grain's key is the job's id. Everything that it says is durable. A call that fails or times out has an unknown outcome and is repeated:
/// the same start finds the same job.
/// </summary>
[Alias("llmtr.IVideoJobGrain"), Version(1)]
public interface IVideoJobGrain : IGrainWithStringKey
{
    /// <summary>The longest that one call of <see cref="Start"/> or <see cref="Wait"/> is kept waiting; below <see cref="WaitResponseTimeout"/>.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);

    /// <summary>How long a caller waits for the answer of such a call.</summary>
    const string WaitResponseTimeout = "00:00:06";

    /// <summary>
    /// Begins the job, or finds it where the same request began it before. Answers as soon as it is known whether its money could be held, but after a few seconds
    /// at the latest: <see cref="StartVideoOutcome.Undecided"/> then, and the caller asks again.
    /// </summary>
    /// <exception cref="VideoJobUnavailableException">The job's state could not be read or written; the outcome is unknown.</exception>
    [Alias("Start"), ResponseTimeout(WaitResponseTimeout)]
    Task<StartVideoReply> Start(StartVideo command);

    /// <summary>The job as it stands; null for an unknown job and for another key's. Tells at once.</summary>
    /// <param name="keyId">Whose job it must be; null for an operator, who may see any.</param>
    /// <param name="cancellation">Ends the call.</param>
    [Alias("Read")]
    Task<VideoJobView?> Read(string? keyId, CancellationToken cancellation = default);

    /// <summary>The same, told when the job is over, or after a time.</summary>
    /// <param name="keyId">Whose job it must be.</param>
    /// <param name="atMost">How long to wait; <see cref="LongestWait"/> at most.</param>
    /// <param name="cancellation">Ends the call.</param>
    [Alias("Wait"), ResponseTimeout(WaitResponseTimeout)]
    Task<VideoJobView?> Wait(string keyId, TimeSpan atMost, CancellationToken cancellation = default);

    /// <summary>Takes the job up where it stands, if nobody does: the sweeper's call.</summary>
    /// <param name="marker">The job's open marker. An old one without a job is cleared away.</param>
    [Alias("Wake"), AlwaysInterleave]
    Task Wake(OpenMarker marker);
}

/// <summary>Says that a job may be open: set before there is a job, closed after its end.</summary>
/// <param name="JobId">The job's id.</param>
/// <param name="Token">Which beginning of the job it is of; it is closed by this.</param>
/// <param name="SetAt">When it was set.</param>
[GenerateSerializer, Immutable, Alias("llmtr.OpenMarker")]
public sealed record OpenMarker([property: Id(0)] string JobId, [property: Id(1)] string Token, [property: Id(2)] DateTimeOffset SetAt);
