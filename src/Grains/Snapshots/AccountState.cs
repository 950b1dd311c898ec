using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Limits;
using LlmTr.Grains.Repeats;
using LlmTr.Money;

namespace LlmTr.Grains.Snapshots;

/// <summary>
/// All that a <see cref="KeyAccount"/> knows, member by member under the same names. A member more there or here, or one with another meaning, needs another
/// <see cref="LedgerSnapshot.Schema"/>: snapshots of the old one are then passed over.
/// </summary>
internal sealed record AccountState
{
    public required long Seq { get; init; }

    public required DateTimeOffset LastEntryAt { get; init; }

    public required UsdTicks Balance { get; init; }

    public required UsdTicks Held { get; init; }

    public required string? Prefix { get; init; }

    public required KeySettings Settings { get; init; }

    public required string Secret { get; init; }

    public required string[] PastSecrets { get; init; }

    public required string OldSecret { get; init; }

    public required DateTimeOffset OldSecretGoodUntil { get; init; }

    public required bool Revoked { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long SettledRequests { get; init; }

    public required UsdTicks Debited { get; init; }

    public required UsdTicks Charged { get; init; }

    public required UsdTicks Overruns { get; init; }

    public required HoldState[] Holds { get; init; }

    public required CaseState[] Cases { get; init; }

    public required Dictionary<string, UsdTicks> Credits { get; init; }

    public required EndedMinuteState[] Ended { get; init; }

    public required RateSlotState[] Rates { get; init; }

    public required BudgetPeriodState[] BudgetUse { get; init; }

    public required FirstUseState[] Firsts { get; init; }
}

/// <summary>An open hold in a snapshot.</summary>
internal readonly record struct HoldState(RequestId Id, KeyAccount.OpenHold Hold);

/// <summary>An open case in a snapshot.</summary>
internal readonly record struct CaseState(RequestId Id, KeyAccount.OpenCase Case);
