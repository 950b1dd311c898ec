using LlmTr.Money;

namespace LlmTr.Grains.Abstractions;

/// <summary>Takes money from a key: a refund paid out, a correction. The same <see cref="DebitId"/> posts once, for ever.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.Debit")]
public sealed record Debit
{
    /// <summary>The caller's <c>Idempotency-Key</c>, at most 255 characters. Not shared with credits: the same text may name one of each.</summary>
    [Id(0)] public required string DebitId { get; init; }

    /// <summary>The amount; above zero. More than is available is refused: held money is not the operator's to take.</summary>
    [Id(1)] public required UsdTicks Amount { get; init; }

    /// <summary>The operator's reference, for the ledger.</summary>
    [Id(2)] public string? Reference { get; init; }

    /// <summary>The operator's note, for the ledger.</summary>
    [Id(3)] public string? Note { get; init; }

    /// <summary>Who asked, for the ledger.</summary>
    [Id(4)] public required string Actor { get; init; }
}

/// <summary>Changes a key's settings; what is null stays as it is. Idempotent: the same <see cref="ChangeId"/> changes once, so that a late repeat does not undo a newer change.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.ChangeSettings")]
public sealed record ChangeSettings
{
    /// <summary>The operator's name for the key, at most 200 characters.</summary>
    [Id(0)] public string? Label { get; init; }

    /// <summary>All limits, old ones replaced as a whole; <see cref="KeyLimits.None"/> takes them away.</summary>
    [Id(1)] public KeyLimits? Limits { get; init; }

    /// <summary>From this moment on the key is refused; must not be given together with <see cref="ClearExpiry"/>. Whole milliseconds count.</summary>
    [Id(2)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True makes the key never expire.</summary>
    [Id(3)] public bool ClearExpiry { get; init; }

    /// <summary>True switches the key off, false on.</summary>
    [Id(4)] public bool? Disabled { get; init; }

    /// <summary>Why, for the ledger.</summary>
    [Id(5)] public string? Reason { get; init; }

    /// <summary>Who asked, for the ledger.</summary>
    [Id(6)] public required string Actor { get; init; }

    /// <summary>The request that asked. Null where each command comes once: one that would change nothing then writes nothing.</summary>
    [Id(7)] public RequestId? ChangeId { get; init; }
}

/// <summary>Gives a key a new secret; its id, money and prefix stay. Idempotent: a repeat with the same secret changes nothing.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.RotateKey")]
public sealed record RotateKey
{
    /// <summary>The hash of the new secret.</summary>
    [Id(0)] public required SecretHash Secret { get; init; }

    /// <summary>How long the secret that was current stays good; zero or more, at most 366 days. A secret older than that one ends at once.</summary>
    [Id(1)] public required TimeSpan Grace { get; init; }

    /// <summary>Why, for the ledger.</summary>
    [Id(2)] public string? Reason { get; init; }

    /// <summary>Who asked, for the ledger.</summary>
    [Id(3)] public required string Actor { get; init; }
}

/// <summary>Ends a key for ever: the next request is refused as if the key had never been. Holds in flight still settle. Idempotent.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.RevokeKey")]
public sealed record RevokeKey
{
    /// <summary>Why, for the ledger.</summary>
    [Id(0)] public string? Reason { get; init; }

    /// <summary>Who asked, for the ledger.</summary>
    [Id(1)] public required string Actor { get; init; }
}

/// <summary>Closes an unreconciled case, once: settled at what the operator learnt, or waived.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.ResolveCase")]
public sealed record ResolveCase
{
    /// <summary>The request's id, which is the case's.</summary>
    [Id(0)] public required RequestId Id { get; init; }

    /// <summary>The true cost, above zero: charged from what is available, the rest an overrun. Null waives the case.</summary>
    [Id(1)] public UsdTicks? Cost { get; init; }

    /// <summary>The operator's note, for the ledger.</summary>
    [Id(2)] public string? Note { get; init; }

    /// <summary>Who asked, for the ledger.</summary>
    [Id(3)] public required string Actor { get; init; }
}

/// <summary>What became of a <see cref="ResolveCase"/>.</summary>
public enum ResolveOutcome
{
    /// <summary>The case is closed as asked (also when it was so before, as long as ended ids are remembered: about 6 minutes).</summary>
    Done = 0,

    /// <summary>No such key.</summary>
    UnknownKey = 1,

    /// <summary>No open case of this id; it may have been closed long ago.</summary>
    UnknownCase = 2,

    /// <summary>The case was closed before in another way, a moment ago.</summary>
    Conflict = 3,
}

/// <summary>Answers <see cref="ResolveCase"/>.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.ResolveCaseReply")]
public sealed record ResolveCaseReply
{
    /// <summary>What became of it.</summary>
    [Id(0)] public required ResolveOutcome Outcome { get; init; }

    /// <summary>What the key paid.</summary>
    [Id(1)] public UsdTicks Charged { get; init; }

    /// <summary>What it could not.</summary>
    [Id(2)] public UsdTicks Overrun { get; init; }

    /// <summary>Balance less holds, after this command.</summary>
    [Id(3)] public UsdTicks Available { get; init; }
}

/// <summary>An open hold.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.HoldView")]
public sealed record HoldView
{
    /// <summary>The request's id, and the hold's.</summary>
    [Id(0)] public required RequestId Id { get; init; }

    /// <summary>What it reserves.</summary>
    [Id(1)] public required UsdTicks Amount { get; init; }

    /// <summary>When it was placed.</summary>
    [Id(2)] public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Past this moment it is unreconciled.</summary>
    [Id(3)] public required DateTimeOffset Deadline { get; init; }

    /// <summary>The public model id.</summary>
    [Id(4)] public required string Model { get; init; }

    /// <summary>The public path.</summary>
    [Id(5)] public required string Endpoint { get; init; }
}

/// <summary>An open case: a hold that ended without anyone knowing what it cost.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.CaseView")]
public sealed record CaseView
{
    /// <summary>The request's id, and the case's.</summary>
    [Id(0)] public required RequestId Id { get; init; }

    /// <summary>What its hold reserved, which went back: the most that it was expected to cost.</summary>
    [Id(1)] public required UsdTicks Hold { get; init; }

    /// <summary>When its hold was placed.</summary>
    [Id(2)] public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When the case was opened.</summary>
    [Id(3)] public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Why, in our words.</summary>
    [Id(4)] public required string Reason { get; init; }

    /// <summary>The public model id.</summary>
    [Id(5)] public required string Model { get; init; }

    /// <summary>The public path.</summary>
    [Id(6)] public required string Endpoint { get; init; }
}

/// <summary>A part of a key's open holds, in the order of their ids, which is the order of their making.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.HoldPage")]
public sealed record HoldPage
{
    /// <summary>The holds.</summary>
    [Id(0)] public required IReadOnlyList<HoldView> Holds { get; init; }

    /// <summary>Where to go on behind; null at the end.</summary>
    [Id(1)] public RequestId? Next { get; init; }
}

/// <summary>A part of a key's open cases, in the order of their ids, which is the order of their requests' making.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.CasePage")]
public sealed record CasePage
{
    /// <summary>The cases.</summary>
    [Id(0)] public required IReadOnlyList<CaseView> Cases { get; init; }

    /// <summary>Where to go on behind; null at the end.</summary>
    [Id(1)] public RequestId? Next { get; init; }
}
