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

    /// <summary>The least tokens that are of any use, input and cap together; zero where nothing is counted in tokens.</summary>
    [Id(8)] public long LeastTokens { get; init; }

    /// <summary>The most tokens that the request can use; at least <see cref="LeastTokens"/>.</summary>
    [Id(9)] public long MostTokens { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>; null without one.</summary>
    [Id(10)] public Fingerprint? IdempotencyKey { get; init; }

    /// <summary>The body that the key came with; needed where there is one.</summary>
    [Id(11)] public Fingerprint? Body { get; init; }
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

    /// <summary>No such key, another secret, or revoked. One outcome for all, as a caller must not learn which.</summary>
    Unauthenticated = 3,

    /// <summary>The available balance is below <see cref="PlaceHold.Least"/>.</summary>
    InsufficientBalance = 4,

    /// <summary>An operator has switched the key off.</summary>
    KeyDisabled = 5,

    /// <summary>The key is past its time.</summary>
    KeyExpired = 6,

    /// <summary>The key's allow-list does not name the model.</summary>
    ModelNotAllowed = 7,

    /// <summary>A limit of the key is reached: see <see cref="PlaceHoldReply.Limit"/> and <see cref="PlaceHoldReply.RetryAfter"/>.</summary>
    RateLimited = 8,

    /// <summary>The budget of the period is spent or held.</summary>
    BudgetExceeded = 9,

    /// <summary>A request with the same idempotency key and body came within 24 h: see <see cref="PlaceHoldReply.First"/>.</summary>
    IdempotentRepeat = 10,

    /// <summary>A request with the same idempotency key and another body came within 24 h.</summary>
    IdempotencyConflict = 11,
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

    /// <summary>How many tokens the request may use, input and cap together; <see cref="PlaceHold.MostTokens"/> where no limit says less. Zero unless granted.</summary>
    [Id(3)] public long GrantedTokens { get; init; }

    /// <summary>How the limits per minute stand after this command; null without any, and for who is not authenticated.</summary>
    [Id(4)] public RateStatus? Rate { get; init; }

    /// <summary>The limit that was reached; only where <see cref="PlaceHoldOutcome.RateLimited"/>.</summary>
    [Id(5)] public KeyLimit? Limit { get; init; }

    /// <summary>
    /// When the same request may fit, if no other takes its place: for a limit per minute or a budget. Null where nobody can tell, or where it never will: a request that
    /// needs more tokens than the limit has.
    /// </summary>
    [Id(6)] public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is left of the period's budget; null without one.</summary>
    [Id(7)] public UsdTicks? BudgetLeft { get; init; }

    /// <summary>For a repeated idempotency key: the request that used it first.</summary>
    [Id(8)] public FirstRequest? First { get; init; }
}

/// <summary>A limit of a key that can turn a request away for a while.</summary>
public enum KeyLimit
{
    /// <summary><see cref="KeyLimits.RequestsPerMinute"/>.</summary>
    RequestsPerMinute = 0,

    /// <summary><see cref="KeyLimits.TokensPerMinute"/>.</summary>
    TokensPerMinute = 1,

    /// <summary><see cref="KeyLimits.MaxConcurrent"/>.</summary>
    MaxConcurrent = 2,

    /// <summary>More idempotency keys in 24 h than an account remembers.</summary>
    IdempotencyKeys = 3,
}

/// <summary>The request that used an idempotency key first.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.FirstRequest")]
public sealed record FirstRequest
{
    /// <summary>Its id.</summary>
    [Id(0)] public required RequestId Id { get; init; }

    /// <summary>The HTTP status that its customer was sent; null while it is open, and where nobody knows.</summary>
    [Id(1)] public int? StatusCode { get; init; }

    /// <summary>What the key paid for it up to now.</summary>
    [Id(2)] public UsdTicks Charged { get; init; }

    /// <summary>False while it is open.</summary>
    [Id(3)] public bool HasEnded { get; init; }
}
