namespace LlmTr.Api.Metering;

/// <summary>The limits of calls to xAI: section <c>Metering</c> of the configuration.</summary>
public sealed class MeteringOptions
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement =
        "Metering: MaxCallsInFlight must be from 1 to 1000000, LargeBodyBytes at least 134217728, TextLimit and MediaLimit from 1 s to 6 h, every other time from 10 ms to 1 h, and HoldFreshness at most 1 minute.";

    /// <summary>Calls to xAI at one time, drained ones included; beyond it the answer is 503.</summary>
    public int MaxCallsInFlight { get; set; } = 5000;

    /// <summary>Bytes of request bodies above 512 KiB in memory at one time, rounded up to powers of two; beyond it the answer is 503.</summary>
    public long LargeBodyBytes { get; set; } = 1024 * 1024 * 1024;

    /// <summary>How long a request above 512 KiB waits for its turn to be parsed, and an input close to its model's ceiling to be counted; beyond it the answer is 503.</summary>
    public TimeSpan LargeBodyPatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>From sending a text request to the end of its answer. xAI's own samples use 3600 s for reasoning models (xAI contract, section 9).</summary>
    public TimeSpan TextLimit { get; set; } = TimeSpan.FromSeconds(3600);

    /// <summary>From sending a request for images, speech or a transcription to the end of its answer.</summary>
    public TimeSpan MediaLimit { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>From sending a request for a stream to the first byte of the answer.</summary>
    public TimeSpan StreamFirstByteLimit { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>Silence in mid-answer after which it counts as broken. A model that reasons may be silent for minutes.</summary>
    public TimeSpan IdleLimit { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>Silence in a stream after which the client gets a comment, so that proxies in between keep the connection.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a stream may wait for its client to take what was sent, all waits together. Then the client is cut off and the stream read to its
    /// end without it: a call that a slow reader drags beyond its time would be charged at an estimate, below what xAI bills. A whole answer, and each piece of speech, may wait as long.
    /// </summary>
    public TimeSpan ClientPatience { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A hold older than this is not used any more: the request is not sent.</summary>
    public TimeSpan HoldFreshness { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer waits for its settlement before it goes out marked as pending.</summary>
    public TimeSpan SettlePatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long settlements are tried beyond the longest call; part of a hold's lifetime.</summary>
    public TimeSpan SettleRetries { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a graceful shutdown waits for calls in flight before it cuts them.</summary>
    public TimeSpan ShutdownLimit { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// The life of a text request's hold: beyond the hardest limit of the call, plus what a stream's last frame may wait for its client before the settlement, plus the settlement's retries, plus 30 s.
    /// </summary>
    public TimeSpan TextHoldLifetime => HoldFreshness + TextLimit + ClientPatience + SettleRetries + TimeSpan.FromSeconds(30);

    /// <summary>The same of a request for images, speech or a transcription, which is settled before its client gets anything.</summary>
    public TimeSpan MediaHoldLifetime => HoldFreshness + MediaLimit + SettleRetries + TimeSpan.FromSeconds(30);

    /// <summary>True when all are in their ranges.</summary>
    public bool IsValid =>
        MaxCallsInFlight is >= 1 and <= 1_000_000
        && LargeBodyBytes >= 128 * 1024 * 1024
        && TextLimit >= TimeSpan.FromSeconds(1) && TextLimit <= TimeSpan.FromHours(6)
        && MediaLimit >= TimeSpan.FromSeconds(1) && MediaLimit <= TimeSpan.FromHours(6)
        && HoldFreshness <= TimeSpan.FromMinutes(1)
        && new[] { StreamFirstByteLimit, IdleLimit, KeepAlive, ClientPatience, LargeBodyPatience, HoldFreshness, SettlePatience, SettleRetries, ShutdownLimit }
            .All(static time => time >= TimeSpan.FromMilliseconds(10) && time <= TimeSpan.FromHours(1));
}
