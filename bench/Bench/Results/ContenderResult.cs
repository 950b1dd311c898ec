using LlmTr.Bench.Loads;

namespace LlmTr.Bench.Results;

/// <summary>All that was measured of one contender. What failed, or makes no sense there, is null.</summary>
internal sealed record ContenderResult
{
    /// <summary>How fast one key is asked. A balance of 0.01 USD covers the holds of eleven requests at one time, so it must not be fast.</summary>
    public const int OneKeyRequestsPerSecond = 25;

    public required string Name { get; init; }

    /// <summary>RAM of its own processes before the first request.</summary>
    public required long IdleBytes { get; init; }

    /// <summary>The same after all plain requests.</summary>
    public required long LoadedBytes { get; init; }

    /// <summary>1 KB to it and back, closed loop, a hundred keys in turn.</summary>
    public required ClosedLoopResult? SmallHundredKeys { get; init; }

    /// <summary>The same with one key.</summary>
    public required ClosedLoopResult? SmallHotKey { get; init; }

    /// <summary>256 KB to it, 64 KB back, a hundred keys in turn.</summary>
    public required ClosedLoopResult? LargeHundredKeys { get; init; }

    /// <summary>1 KB to it and back at the fixed rate.</summary>
    public required FixedRateResult? FixedRate { get; init; }

    /// <summary>The same at the rate for one key, with one of 10,000 USD; null where nobody counts.</summary>
    public LatencyResult? RichKey { get; init; }

    /// <summary>The same with one key of 0.01 USD.</summary>
    public LatencyResult? PoorKey { get; init; }

    public EventStreamsResult? Streams { get; init; }

    /// <summary>Null for none in between, too.</summary>
    public IdleStreamsResult? IdleStreams { get; init; }
}
