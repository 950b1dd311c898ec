using System.Text.Json.Serialization;
using LlmTr.Api.Accounts;
using LlmTr.Api.Usage;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Api.Admin;

/// <summary>A part of a list.</summary>
/// <param name="Data">The rows; may be none although there are more, where many keys without any were passed over.</param>
/// <param name="NextAfter">What to send as <c>after</c> for the next part; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Data, string? NextAfter)
{
    /// <summary>Keys of this part that have no rows here because their ledgers are broken; absent where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BrokenLedgerAnswer>? BrokenLedgers { get; init; }
}

/// <summary>A key whose ledger contradicts itself: the key is refused, and in no list.</summary>
internal sealed record BrokenLedgerAnswer(string Key, string Why);

/// <summary>A key as operators see it.</summary>
internal sealed record KeyAnswer
{
    public required string Id { get; init; }

    public required string Prefix { get; init; }

    /// <summary>The key itself: only in the answer that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    public required string Label { get; init; }

    public required KeyStatus Status { get; init; }

    public required string BalanceUsd { get; init; }

    public required string HeldUsd { get; init; }

    public required string AvailableUsd { get; init; }

    public required long BalanceTicks { get; init; }

    public required long HeldTicks { get; init; }

    public required LimitsShown Limits { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime? ExpiresAt { get; init; }

    /// <summary>Until when the secret before the last rotation is good.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? OldSecretGoodUntil { get; init; }

    public required KeyTotals Totals { get; init; }

    public static KeyAnswer Of(string id, AccountView account, string? key = null) => new()
    {
        Id = id,
        Prefix = account.Prefix,
        Key = key,
        Label = account.Label,
        Status = account.Status,
        BalanceUsd = account.Balance.ToUsdString(),
        HeldUsd = account.Held.ToUsdString(),
        AvailableUsd = account.Available.ToUsdString(),
        BalanceTicks = account.Balance.Value,
        HeldTicks = account.Held.Value,
        Limits = LimitsShown.Of(account),
        CreatedAt = account.CreatedAt.UtcDateTime,
        ExpiresAt = account.ExpiresAt?.UtcDateTime,
        OldSecretGoodUntil = account.OldSecretGoodUntil?.UtcDateTime,
        Totals = new KeyTotals
        {
            Requests = account.SettledRequests,
            ChargedUsd = account.Charged.ToUsdString(),
            DebitedUsd = account.Debited.ToUsdString(),
            OverrunsUsd = account.Overruns.ToUsdString(),
            OpenHolds = account.OpenHolds,
            Unreconciled = account.OpenCases,
        },
    };
}

/// <summary>Sums over a key's ledger.</summary>
internal sealed record KeyTotals
{
    public required long Requests { get; init; }

    public required string ChargedUsd { get; init; }

    public required string DebitedUsd { get; init; }

    public required string OverrunsUsd { get; init; }

    public required int OpenHolds { get; init; }

    public required int Unreconciled { get; init; }
}

/// <summary>An open hold.</summary>
internal sealed record HoldAnswer(
    string RequestId, string AmountUsd, long AmountTicks, DateTime PlacedAt, DateTime Deadline, string Model, string Endpoint)
{
    public static HoldAnswer Of(HoldView hold) => new(
        hold.Id.ToString(), hold.Amount.ToUsdString(), hold.Amount.Value, hold.PlacedAt.UtcDateTime, hold.Deadline.UtcDateTime, hold.Model, hold.Endpoint);
}

/// <summary>An open case; <see cref="Id"/> names key and request, as <c>POST /unreconciled/{id}</c> takes it.</summary>
internal sealed record CaseAnswer(
    string Id, string Key, string RequestId, string HoldUsd, long HoldTicks, DateTime PlacedAt, DateTime OpenedAt, string Reason, string Model, string Endpoint)
{
    public static CaseAnswer Of(string key, CaseView open) => new(
        $"{key}.{open.Id}", key, open.Id.ToString(), open.Hold.ToUsdString(), open.Hold.Value,
        open.PlacedAt.UtcDateTime, open.OpenedAt.UtcDateTime, open.Reason, open.Model, open.Endpoint);
}

/// <summary>A case that was closed.</summary>
internal sealed record ResolvedAnswer(
    string Id, string Key, string RequestId, string Outcome, string ChargedUsd, long ChargedTicks, string OverrunUsd, long OverrunTicks, string AvailableUsd);

/// <summary>A loss of the operator's.</summary>
internal sealed record OverrunAnswer(
    string Key, long Seq, DateTime At, string RequestId, string OverrunUsd, long OverrunTicks, string? Model, string? Endpoint)
{
    public static OverrunAnswer Of(string key, LedgerEntry entry) => new(
        key, entry.Seq, entry.At.UtcDateTime, entry.RequestId.ToString()!, entry.Amount.ToUsdString(), entry.Amount.Value, entry.Model, entry.Endpoint);
}

/// <summary>One group of a key's charged requests.</summary>
internal sealed record UsageGroupAnswer(
    string Group, long Requests, long InputTokens, long OutputTokens, string ChargedUsd, long ChargedTicks, string OverrunsUsd, long OverrunsTicks)
{
    public static UsageGroupAnswer Of(string name, UsageGroup group) => new(
        name, group.Requests, group.InputTokens, group.OutputTokens,
        group.Charged.ToUsdString(), group.Charged.Value, group.Overruns.ToUsdString(), group.Overruns.Value);
}

/// <summary>All groups, and how many requests of the time may yet join them: under way, or unreconciled.</summary>
internal sealed record UsageGroupsAnswer(string GroupBy, int Unfinished, IReadOnlyList<UsageGroupAnswer> Data);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(KeyAnswer))]
[JsonSerializable(typeof(Page<KeyAnswer>), TypeInfoPropertyName = "Keys")]
[JsonSerializable(typeof(Page<HoldAnswer>), TypeInfoPropertyName = "Holds")]
[JsonSerializable(typeof(Page<CaseAnswer>), TypeInfoPropertyName = "Cases")]
[JsonSerializable(typeof(Page<OverrunAnswer>), TypeInfoPropertyName = "OverrunPage")]
[JsonSerializable(typeof(ResolvedAnswer))]
[JsonSerializable(typeof(UsageGroupsAnswer))]
[JsonSerializable(typeof(ClusterAnswer))]
internal sealed partial class AdminAnswerJson : JsonSerializerContext;
