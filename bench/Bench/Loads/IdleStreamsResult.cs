namespace LlmTr.Bench.Loads;

/// <summary>What idle streams showed.</summary>
/// <param name="BytesEach">RAM of the contender's own processes for each stream.</param>
internal sealed record IdleStreamsResult(long BytesEach);
