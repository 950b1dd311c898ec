using LlmTr.Money;

namespace LlmTr.Grains.Abstractions;

/// <summary>Opens the account of a new key, with its first credit. Idempotent: a repeat with the same secret changes nothing.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.IssueKey")]
public sealed record IssueKey
{
    /// <summary>The hash of the key's secret.</summary>
    [Id(0)] public required SecretHash Secret { get; init; }

    /// <summary>The key's first 12 characters, which may be shown.</summary>
    [Id(1)] public required string Prefix { get; init; }

    /// <summary>The operator's name for the key, at most 200 characters.</summary>
    [Id(2)] public required string Label { get; init; }

    /// <summary>The first credit; zero or more.</summary>
    [Id(3)] public UsdTicks Credit { get; init; }

    /// <summary>Who asked, for the ledger.</summary>
    [Id(4)] public required string Actor { get; init; }

    /// <summary>What the key may do; null for no limits.</summary>
    [Id(5)] public KeyLimits? Limits { get; init; }

    /// <summary>From this moment on the key is refused; null for never.</summary>
    [Id(6)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why, for the ledger.</summary>
    [Id(7)] public string? Reason { get; init; }
}

/// <summary>Adds money to a key. The same <see cref="CreditId"/> posts once, for ever.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.Credit")]
public sealed record Credit
{
    /// <summary>The caller's <c>Idempotency-Key</c>, at most 255 characters.</summary>
    [Id(0)] public required string CreditId { get; init; }

    /// <summary>The amount; above zero.</summary>
    [Id(1)] public required UsdTicks Amount { get; init; }

    /// <summary>The operator's reference (an invoice, a payment), for the ledger.</summary>
    [Id(2)] public string? Reference { get; init; }

    /// <summary>The operator's note, for the ledger.</summary>
    [Id(3)] public string? Note { get; init; }

    /// <summary>Who asked, for the ledger.</summary>
    [Id(4)] public required string Actor { get; init; }
}

/// <summary>What became of an operator's command.</summary>
public enum OperatorOutcome
{
    /// <summary>It is durable (also when it was so before).</summary>
    Done = 0,

    /// <summary>No such key.</summary>
    UnknownKey = 1,

    /// <summary>The same id was used before for something else; or it is so old that it may have been.</summary>
    Conflict = 2,

    /// <summary>The sum of the key's credits would pass the largest amount that can be written.</summary>
    OutOfRange = 3,

    /// <summary>A debit of more than is available.</summary>
    InsufficientBalance = 4,

    /// <summary>The key is revoked, which nothing changes any more.</summary>
    Revoked = 5,
}

/// <summary>Answers an operator's command with the account as it stands after it.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.OperatorReply")]
public sealed record OperatorReply
{
    /// <summary>What became of it.</summary>
    [Id(0)] public required OperatorOutcome Outcome { get; init; }

    /// <summary>The account; null for an unknown key.</summary>
    [Id(1)] public AccountView? Account { get; init; }
}
