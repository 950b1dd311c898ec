namespace LlmTr.Grains.Abstractions;

/// <summary>
/// Ends a hold without a charge: nothing was sent, or xAI refused it without a cost. A release of a hold that is not known yet is remembered, so
/// that its late <see cref="PlaceHold"/> is refused. Idempotent by <see cref="Id"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmtr.Release")]
public sealed record Release
{
    /// <summary>The hold's id.</summary>
    [Id(0)] public required RequestId Id { get; init; }

    /// <summary>Why, in a few words for the ledger; never a customer's text.</summary>
    [Id(1)] public required string Reason { get; init; }

    /// <summary>The HTTP status that the customer was sent.</summary>
    [Id(2)] public int StatusCode { get; init; }

    /// <summary>From the request's arrival to now, milliseconds.</summary>
    [Id(3)] public long LatencyMs { get; init; }
}

/// <summary>
/// Ends a hold whose outcome nobody could learn: the money goes back to the customer, the case stays open for the operator. Idempotent by
/// <see cref="Id"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmtr.ReportUnreconciled")]
public sealed record ReportUnreconciled
{
    /// <summary>The hold's id.</summary>
    [Id(0)] public required RequestId Id { get; init; }

    /// <summary>Why, in a few words for the ledger; never a customer's text.</summary>
    [Id(1)] public required string Reason { get; init; }

    /// <summary>The HTTP status that the customer was sent.</summary>
    [Id(2)] public int StatusCode { get; init; }

    /// <summary>From the request's arrival to now, milliseconds.</summary>
    [Id(3)] public long LatencyMs { get; init; }
}

/// <summary>How a hold stands after <see cref="Release"/> or <see cref="ReportUnreconciled"/>.</summary>
public enum EndHoldOutcome
{
    /// <summary>It ended without a charge, as asked (also when it was so before).</summary>
    Ended = 0,

    /// <summary>It had been settled before, and stays so.</summary>
    Settled = 1,

    /// <summary>It was (or is now) unreconciled: a release came after the deadline.</summary>
    Unreconciled = 2,

    /// <summary>No hold of this id is known, and none was needed.</summary>
    UnknownHold = 3,
}
