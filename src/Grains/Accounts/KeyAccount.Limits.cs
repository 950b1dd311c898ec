using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Limits;
using LlmTr.Money;

namespace LlmTr.Grains.Accounts;

/// <content>What a key may do, asked before a hold is placed. A request that is refused counts nowhere.</content>
public sealed partial class KeyAccount
{
    /// <summary>Why a new hold is refused for anything but money; null when it is not.</summary>
    private PlaceHoldReply? Refused(PlaceHold command, DateTimeOffset now)
    {
        var limits = _settings.Limits;
        switch (Status(now))
        {
            case KeyStatus.Disabled:
                return Refusal(PlaceHoldOutcome.KeyDisabled, now);
            case KeyStatus.Expired:
                return Refusal(PlaceHoldOutcome.KeyExpired, now);
        }

        if (limits.Models is { } models && !models.Contains(command.Model, StringComparer.Ordinal))
            return Refusal(PlaceHoldOutcome.ModelNotAllowed, now);
        if (command.IdempotencyKey is { } key)
        {
            if (_firsts.TryGet(key, now, out var first, out var body))
                return Refusal(body == command.Body ? PlaceHoldOutcome.IdempotentRepeat : PlaceHoldOutcome.IdempotencyConflict, now) with { First = first };
            if (_firsts.IsFull(now))
                return RateLimited(KeyLimit.IdempotencyKeys, null, now);
        }

        if (_holds.Count >= limits.MaxConcurrent)
            return RateLimited(KeyLimit.MaxConcurrent, null, now);
        if (_rates.Status(limits, now) is { } rate)
        {
            if (rate is { LimitRequests: { } requests, RemainingRequests: 0 })
                return RateLimited(KeyLimit.RequestsPerMinute, _rates.UntilRequestFits(requests, now), now);
            if (rate.LimitTokens is { } tokens && command.LeastTokens > rate.RemainingTokens)
                return RateLimited(KeyLimit.TokensPerMinute, _rates.UntilTokensFit(command.LeastTokens, tokens, now), now);
        }

        if (limits.Budget is not { } budget || command.Least <= BudgetLeft(now))
            return null;
        return Refusal(PlaceHoldOutcome.BudgetExceeded, now) with
        {
            RetryAfter = command.Least <= budget.Amount ? BudgetUse.EndOf(budget.Period, now) - now : null,
        };
    }

    private PlaceHoldReply RateLimited(KeyLimit limit, TimeSpan? retryAfter, DateTimeOffset now) =>
        Refusal(PlaceHoldOutcome.RateLimited, now) with { Limit = limit, RetryAfter = retryAfter };

    private PlaceHoldReply Refusal(PlaceHoldOutcome outcome, DateTimeOffset now) => new()
    {
        Outcome = outcome,
        Available = Available,
        Rate = _rates.Status(_settings.Limits, now),
        BudgetLeft = BudgetLeft(now),
    };

    /// <summary>What a hold may take at most of the period's budget; null without one.</summary>
    private UsdTicks? BudgetLeft(DateTimeOffset now) => _settings.Limits.Budget is { } budget
        ? UsdTicks.Max(UsdTicks.Zero, budget.Amount - UsdTicks.Min(budget.Amount, _budgetUse.Used(budget.Period, now)))
        : null;

    /// <summary>The tokens that a hold reserves: like its money, no more than a share of what is left where its size is the gateway's choice.</summary>
    private long TokensFor(PlaceHold command, DateTimeOffset now) => _rates.Status(_settings.Limits, now) is { LimitTokens: not null } rate
        ? Math.Min(command.MostTokens, Math.Max(command.LeastTokens, rate.RemainingTokens / command.AvailableDivisor))
        : command.MostTokens;
}
