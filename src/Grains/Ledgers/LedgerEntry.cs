using System.Text.Json.Serialization;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Ledgers;

/// <summary>What an entry of a ledger says has happened.</summary>
public enum LedgerEntryKind
{
    /// <summary>The key was made; the first entry of every ledger.</summary>
    [JsonStringEnumMemberName("key_issued")] KeyIssued,

    /// <summary>Money came in.</summary>
    [JsonStringEnumMemberName("credited")] Credited,

    /// <summary>A hold was taken.</summary>
    [JsonStringEnumMemberName("hold_placed")] HoldPlaced,

    /// <summary>A hold became a charge.</summary>
    [JsonStringEnumMemberName("hold_settled")] HoldSettled,

    /// <summary>A hold ended without a charge.</summary>
    [JsonStringEnumMemberName("hold_released")] HoldReleased,

    /// <summary>A hold passed its deadline: the money went back, a case is open.</summary>
    [JsonStringEnumMemberName("hold_expired")] HoldExpired,

    /// <summary>A part of a true cost that the key could not cover.</summary>
    [JsonStringEnumMemberName("overrun")] Overrun,

    /// <summary>Nobody could learn the outcome: the money went back, a case is open.</summary>
    [JsonStringEnumMemberName("unreconciled")] Unreconciled,

    /// <summary>An operator took money out.</summary>
    [JsonStringEnumMemberName("debited")] Debited,

    /// <summary>The key's label, limits, expiry or switch changed; the entry has all of them as they are from now on.</summary>
    [JsonStringEnumMemberName("limits_changed")] LimitsChanged,

    /// <summary>The key got a new secret.</summary>
    [JsonStringEnumMemberName("key_rotated")] KeyRotated,

    /// <summary>The key ended for ever.</summary>
    [JsonStringEnumMemberName("key_revoked")] KeyRevoked,
}

/// <summary>
/// One line of a key's ledger. The ledger is the only truth: balance and holds are what its entries add up to. A flat record, so that a
/// line can be read without knowing every kind: every member is a text or a whole number. Members are only ever added.
/// </summary>
public sealed record LedgerEntry
{
    /// <summary>1 for the first entry, then one more each.</summary>
    public required long Seq { get; init; }

    /// <summary>When, UTC to the millisecond; never before the entry before.</summary>
    [JsonConverter(typeof(UtcMillisecondsConverter))]
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required LedgerEntryKind Kind { get; init; }

    /// <summary>The request, which is the hold's id too.</summary>
    [JsonConverter(typeof(RequestIdConverter))]
    public RequestId? RequestId { get; init; }

    /// <summary>
    /// The amount that the kind is about, zero or more: the credit or debit, the hold taken or given back, the charge (for a settlement), the
    /// loss (for an overrun).
    /// </summary>
    [JsonPropertyName("amount_ticks"), JsonConverter(typeof(UsdTicksJsonConverter))]
    public required UsdTicks Amount { get; init; }

    /// <summary>Credits less debits and charges, after this entry.</summary>
    [JsonPropertyName("balance_ticks"), JsonConverter(typeof(UsdTicksJsonConverter))]
    public required UsdTicks Balance { get; init; }

    /// <summary>The sum of the open holds, after this entry.</summary>
    [JsonPropertyName("held_ticks"), JsonConverter(typeof(UsdTicksJsonConverter))]
    public required UsdTicks Held { get; init; }

    /// <summary>For a settlement: the hold that it ended; absent when a case was closed whose hold had ended before.</summary>
    [JsonPropertyName("hold_ticks"), JsonConverter(typeof(UsdTicksJsonConverter))]
    public UsdTicks? Hold { get; init; }

    /// <summary>For a settlement: the true cost, of which <see cref="Amount"/> is what the key covered.</summary>
    [JsonPropertyName("cost_ticks"), JsonConverter(typeof(UsdTicksJsonConverter))]
    public UsdTicks? Cost { get; init; }

    /// <summary>For a settlement: who told the cost.</summary>
    public CostSource? CostSource { get; init; }

    /// <summary>The public model id.</summary>
    public string? Model { get; init; }

    /// <summary>The public path.</summary>
    public string? Endpoint { get; init; }

    /// <summary>For a hold: past this moment it is unreconciled.</summary>
    [JsonConverter(typeof(UtcMillisecondsConverter))]
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>For a hold: the tokens that it reserves, input and output together.</summary>
    public long? ReservedTokens { get; init; }

    /// <summary>For a hold: the fingerprint of the caller's <c>Idempotency-Key</c>.</summary>
    public string? IdempotencyFingerprint { get; init; }

    /// <summary>For a hold with an idempotency key: the fingerprint of the request's body.</summary>
    public string? BodyFingerprint { get; init; }

    /// <summary>Prompt tokens, cached ones included.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Prompt tokens from xAI's cache.</summary>
    public long? CachedTokens { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Reasoning tokens among them.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>The HTTP status that the customer was sent.</summary>
    public int? StatusCode { get; init; }

    /// <summary>From the request's arrival to its end, milliseconds.</summary>
    public long? LatencyMs { get; init; }

    /// <summary>Why a hold ended as it did, in our words; why an operator did what they did, in theirs.</summary>
    public string? Reason { get; init; }

    /// <summary>For a new key: its first 12 characters.</summary>
    public string? Prefix { get; init; }

    /// <summary>For a new key and its settings: the operator's name for it.</summary>
    public string? Label { get; init; }

    /// <summary>For a new key and a new secret: its SHA-256, hexadecimal.</summary>
    public string? SecretSha256 { get; init; }

    /// <summary>For a new secret: until when the one before it stays good.</summary>
    [JsonConverter(typeof(UtcMillisecondsConverter))]
    public DateTimeOffset? OldSecretGoodUntil { get; init; }

    /// <summary>For a key's settings: from when on it is refused.</summary>
    [JsonConverter(typeof(UtcMillisecondsConverter))]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>For a key's settings: whether an operator has switched it off (<c>disabled</c>) or not (<c>active</c>, or absent).</summary>
    public KeyStatus? Status { get; init; }

    /// <summary>For a key's settings: the limit of requests in 60 s.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>For a key's settings: the limit of tokens in 60 s.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>For a key's settings: the limit of open holds.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>For a key's settings: the models that it may use, with a space between two.</summary>
    public string? Models { get; init; }

    /// <summary>For a key's settings: what it may spend in a period.</summary>
    [JsonPropertyName("budget_ticks"), JsonConverter(typeof(UsdTicksJsonConverter))]
    public UsdTicks? Budget { get; init; }

    /// <summary>For a key's settings: the budget's period.</summary>
    public BudgetPeriod? BudgetPeriod { get; init; }

    /// <summary>For a credit: the caller's <c>Idempotency-Key</c>.</summary>
    public string? CreditId { get; init; }

    /// <summary>For a debit: the caller's <c>Idempotency-Key</c>.</summary>
    public string? DebitId { get; init; }

    /// <summary>For a credit or debit: the operator's reference.</summary>
    public string? Reference { get; init; }

    /// <summary>For a credit, a debit or the end of a case: the operator's note.</summary>
    public string? Note { get; init; }

    /// <summary>The operator who asked.</summary>
    public string? Actor { get; init; }

    /// <summary>The SHA-256 of the line before, hexadecimal; 64 zeros in the first line. Written when the line is made.</summary>
    public string? Prev { get; init; }
}
