namespace LlmTr.Bench.Results;

/// <summary>What a small run found, best of its pairs; as a file, what later ones are compared with.</summary>
internal sealed record Baseline
{
    /// <summary>CPU time of the embedded gateway per request over that of YARP.</summary>
    public required double CpuRatio { get; init; }

    public required long AllocatedBytesPerRequest { get; init; }
}
