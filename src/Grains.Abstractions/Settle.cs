using System.Text.Json.Serialization;
using LlmTr.Money;

namespace LlmTr.Grains.Abstractions;

/// <summary>
/// Turns a hold into a charge of the true cost; the rest of the hold returns. Asks neither secret nor status, so that a key revoked
/// in mid-stream still pays. Idempotent by <see cref="Id"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmtr.Settle")]
public sealed record Settle
{
    /// <summary>The hold's id.</summary>
    [Id(0)] public required RequestId Id { get; init; }

    /// <summary>The true cost; zero or more. What the hold and then the available balance do not cover is an overrun.</summary>
    [Id(1)] public required UsdTicks Cost { get; init; }

    /// <summary>Who said so.</summary>
    [Id(2)] public required CostSource Source { get; init; }

    /// <summary>What the usage log tells about the request.</summary>
    [Id(3)] public required RequestFacts Facts { get; init; }
}

/// <summary>Where a cost comes from; in JSON <c>provider</c>, <c>catalogue</c>, <c>estimate</c> or <c>operator</c>.</summary>
public enum CostSource
{
    /// <summary>xAI's own <c>cost_in_usd_ticks</c>.</summary>
    [JsonStringEnumMemberName("provider")] Provider = 0,

    /// <summary>The catalogue's prices times what xAI reported as usage.</summary>
    [JsonStringEnumMemberName("catalogue")] Catalogue = 1,

    /// <summary>The catalogue's prices times what came before the answer broke.</summary>
    [JsonStringEnumMemberName("estimate")] Estimate = 2,

    /// <summary>An operator, who closed an unreconciled case.</summary>
    [JsonStringEnumMemberName("operator")] Operator = 3,
}

/// <summary>Facts of a request for the usage log. Counts of tokens as xAI reported them; null where it did not.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.RequestFacts")]
public sealed record RequestFacts
{
    /// <summary>Prompt tokens, cached ones included.</summary>
    [Id(0)] public long? InputTokens { get; init; }

    /// <summary>Prompt tokens served from xAI's cache.</summary>
    [Id(1)] public long? CachedTokens { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    [Id(2)] public long? OutputTokens { get; init; }

    /// <summary>Reasoning tokens among the output tokens.</summary>
    [Id(3)] public long? ReasoningTokens { get; init; }

    /// <summary>The HTTP status that the customer was sent.</summary>
    [Id(4)] public int StatusCode { get; init; }

    /// <summary>From the request's arrival to its settlement, milliseconds.</summary>
    [Id(5)] public long LatencyMs { get; init; }
}

/// <summary>What became of a <see cref="Settle"/>.</summary>
public enum SettleOutcome
{
    /// <summary>The charge is durable (also when it was so before).</summary>
    Settled = 0,

    /// <summary>The hold was released before. Nothing is charged: an alarm, since a released request should have no cost.</summary>
    Released = 1,

    /// <summary>No hold of this id is known. Nothing is charged: an alarm.</summary>
    UnknownHold = 2,
}

/// <summary>Answers <see cref="Settle"/>; a repeat gets the same amounts.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.SettleReply")]
public sealed record SettleReply
{
    /// <summary>What became of it.</summary>
    [Id(0)] public required SettleOutcome Outcome { get; init; }

    /// <summary>What the key paid.</summary>
    [Id(1)] public UsdTicks Charged { get; init; }

    /// <summary>What the key could not cover: the operator's loss.</summary>
    [Id(2)] public UsdTicks Overrun { get; init; }

    /// <summary>Balance less holds, after this command.</summary>
    [Id(3)] public UsdTicks Available { get; init; }
}
