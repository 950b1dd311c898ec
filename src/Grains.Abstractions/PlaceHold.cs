using LlmTr.Money;

namespace LlmTr.Grains.Abstractions;

/// <summary>
/// Asks for a hold before xAI is called: one call answers for secret, status and balance. Idempotent by <see cref="Id"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmtr.PlaceHold")]
public sealed record PlaceHold
{
    /// <summary>The request's id, and the hold's.</summary>
    [Id(0)] public required RequestId Id { get; init; }

    /// <summary>The hash of the secret that the caller presented.</summary>
    [Id(1)] public required SecretHash Secret { get; init; }

    /// <summary>The least amount that is of any use; above zero. Not available: refused.</summary>
    [Id(2)] public required UsdTicks Least { get; init; }

    /// <summary>The most that the request can use; at least <see cref="Least"/>.</summary>
    [Id(3)] public required UsdTicks Most { get; init; }

    /// <summary>
    /// The hold takes at most the available balance divided by this (but never less than <see cref="Least"/>): 1 takes all that is
    /// needed, 4 leaves room for other requests on a small balance.
    /// </summary>
    [Id(4)] public required int AvailableDivisor { get; init; }

    /// <summary>How long the hold may stay open, from the moment it is placed. Past that it is unreconciled.</summary>
    [Id(5)] public required TimeSpan Lifetime { get; init; }

    /// <summary>The public model id, for the ledger.</summary>
    [Id(6)] public required string Model { get; init; }

    /// <summary>The public path, for the ledger.</summary>
    [Id(7)] public required string Endpoint { get; init; }
}

/// <summary>What became of a <see cref="PlaceHold"/>.</summary>
public enum PlaceHoldOutcome
{
    /// <summary>The hold is durable and open.</summary>
    Granted = 0,

    /// <summary>A hold of this id was placed before and has ended; nothing may be sent for it.</summary>
    Ended = 1,

    /// <summary>The id is older than ids are remembered, so it could be a repeat of anything; nothing may be sent for it.</summary>
    TooOld = 2,

    /// <summary>No such key, or another secret. One outcome for both, as a caller must not learn which.</summary>
    Unauthenticated = 3,

    /// <summary>The available balance is below <see cref="PlaceHold.Least"/>.</summary>
    InsufficientBalance = 4,
}

/// <summary>Answers <see cref="PlaceHold"/>; a repeat gets the same grant.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.PlaceHoldReply")]
public sealed record PlaceHoldReply
{
    /// <summary>What became of it.</summary>
    [Id(0)] public required PlaceHoldOutcome Outcome { get; init; }

    /// <summary>What the hold reserves; zero unless granted.</summary>
    [Id(1)] public UsdTicks Granted { get; init; }

    /// <summary>Balance less holds, after this command.</summary>
    [Id(2)] public UsdTicks Available { get; init; }
}
