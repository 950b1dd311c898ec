using LlmTr.Money;

namespace LlmTr.Grains.Abstractions;

/// <summary>A key's account as its ledger adds it up. Every amount in it is durable.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.AccountView")]
public sealed record AccountView
{
    /// <summary>The key's first 12 characters.</summary>
    [Id(0)] public required string Prefix { get; init; }

    /// <summary>The operator's name for the key.</summary>
    [Id(1)] public required string Label { get; init; }

    /// <summary>Credits less debits and charges.</summary>
    [Id(2)] public UsdTicks Balance { get; init; }

    /// <summary>The sum of the open holds.</summary>
    [Id(3)] public UsdTicks Held { get; init; }

    /// <summary>How many holds are open.</summary>
    [Id(4)] public int OpenHolds { get; init; }

    /// <summary>How many cases wait for the operator.</summary>
    [Id(5)] public int OpenCases { get; init; }

    /// <summary>How many requests were settled.</summary>
    [Id(6)] public long SettledRequests { get; init; }

    /// <summary>The sum of all charges.</summary>
    [Id(7)] public UsdTicks Charged { get; init; }

    /// <summary>The sum of all overruns.</summary>
    [Id(8)] public UsdTicks Overruns { get; init; }

    /// <summary>When the key was issued.</summary>
    [Id(9)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The sequence number of the last entry.</summary>
    [Id(10)] public long LastSeq { get; init; }

    /// <summary>Whether the key opens anything, at the moment of the call.</summary>
    [Id(11)] public KeyStatus Status { get; init; }

    /// <summary>What the key may do; <see cref="KeyLimits.None"/> without limits.</summary>
    [Id(12)] public KeyLimits Limits { get; init; } = KeyLimits.None;

    /// <summary>From this moment on the key is refused; null for never.</summary>
    [Id(13)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True when an operator has switched the key off, whatever else is the matter with it.</summary>
    [Id(14)] public bool Disabled { get; init; }

    /// <summary>The sum of all debits.</summary>
    [Id(15)] public UsdTicks Debited { get; init; }

    /// <summary>Charges and open holds of the budget's current period; null without a budget.</summary>
    [Id(16)] public UsdTicks? BudgetUsed { get; init; }

    /// <summary>When the budget's current period ends, UTC; null without a budget.</summary>
    [Id(17)] public DateTimeOffset? BudgetResetsAt { get; init; }

    /// <summary>How the limits per minute stand; null without any.</summary>
    [Id(18)] public RateStatus? Rate { get; init; }

    /// <summary>Until this moment the secret before the last rotation is good; null when it is not.</summary>
    [Id(19)] public DateTimeOffset? OldSecretGoodUntil { get; init; }

    /// <summary>Balance less holds.</summary>
    public UsdTicks Available => Balance - Held;
}

/// <summary>A part of a key's ledger, oldest first.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.LedgerPage")]
public sealed record LedgerPage
{
    /// <summary>One JSON object a line, UTF-8, exactly as it is stored.</summary>
    [Id(0)] public required IReadOnlyList<byte[]> Lines { get; init; }

    /// <summary>The sequence number to go on from; null at the end.</summary>
    [Id(1)] public long? NextSeq { get; init; }

    /// <summary>What is wrong with the ledger, a sentence, where it contradicts itself: the lines are as they are stored, and nothing may be believed or decided by them. Null for a good one.</summary>
    [Id(2)] public string? Broken { get; init; }
}
