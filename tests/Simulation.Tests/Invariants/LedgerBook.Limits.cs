using LlmTr.Grains.Abstractions;

namespace LlmTr.Simulation.Tests.Invariants;

/// <content>What limits are measured by, counted over all holds that there ever were.</content>
internal sealed partial class LedgerBook
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    /// <summary>Idempotency keys bind for so long.</summary>
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>Charges and open holds of all requests whose hold was placed in the period of a moment.</summary>
    public long Used(BudgetPeriod period, DateTimeOffset at) =>
        _requests.Values.Where(record => record.Placed > 0 && Begin(period, record.PlacedAt) == Begin(period, at)).Sum(static record => record.IsOpen ? record.Granted : record.Charged);

    /// <summary>Holds, and the tokens of those, that were placed less than so long before a moment.</summary>
    public (int Requests, long Tokens) Within(TimeSpan window, DateTimeOffset at, long upToSeq, bool inclusive = false)
    {
        var recent = _requests.Values.Where(record => record.Placed > 0 && record.Placed <= upToSeq && (at - record.PlacedAt < window || (inclusive && at - record.PlacedAt == window))).ToArray();
        return (recent.Length, recent.Sum(static record => record.Tokens));
    }

    /// <summary>Whether a view of the account after its last line says what the lines do.</summary>
    public bool Agrees(AccountView view)
    {
        // A rate counts whole seconds: those that end within the last minute.
        var minute = TimeSpan.FromSeconds(60) + TimeSpan.FromTicks(LastAt.Ticks % TimeSpan.TicksPerSecond);
        var lately = Within(minute, LastAt, Seq, inclusive: true);
        return (view.Balance.Value, view.Held.Value, view.Charged.Value, view.Debited.Value, view.Overruns.Value) == (Balance, Held, Charged, Debited, Overruns)
            && (view.SettledRequests, view.OpenCases, view.OpenHolds) == (Settlements, Cases, _open.Count)
            && (view.Disabled, view.ExpiresAt, view.Status == KeyStatus.Revoked) == (Terms.Disabled, Terms.ExpiresAt, Terms.Revoked)
            && (view.Limits.MaxConcurrent, view.Limits.RequestsPerMinute, view.Limits.TokensPerMinute) == (Terms.MaxConcurrent, Terms.RequestsPerMinute, Terms.TokensPerMinute)
            && (view.Limits.Budget?.Amount.Value, view.Limits.Budget?.Period) == (Terms.Budget, Terms.Period)
            && view.BudgetUsed?.Value == (Terms.Period is { } period ? Used(period, LastAt) : null)
            && (Terms.RequestsPerMinute is not { } requests || view.Rate!.RemainingRequests == Math.Max(0, requests - lately.Requests))
            && (Terms.TokensPerMinute is not { } tokens || view.Rate!.RemainingTokens == Math.Max(0, tokens - lately.Tokens));
    }

    /// <summary>The request that an Idempotency-Key is bound to at a moment.</summary>
    public KeyValuePair<RequestId, HoldRecord>? Bound(string fingerprint, DateTimeOffset at)
    {
        foreach (var request in _requests)
        {
            if (request.Value.Fingerprint == fingerprint && at - request.Value.PlacedAt < Day && !request.Value.IsReleased)
                return request;
        }

        return null;
    }

    private void RequireAllowed(LedgerEntry entry)
    {
        var (granted, tokens) = (entry.Amount.Value, entry.ReservedTokens ?? 0);
        Require(Terms is { Revoked: false, Disabled: false } && !(entry.At >= Terms.ExpiresAt) && Terms.Allows(entry.Model!), Law.Limits, entry);
        Require(!(_open.Count >= Terms.MaxConcurrent), Law.Limits, entry);
        var lately = Within(Minute, entry.At, Seq);
        Require(!(lately.Requests >= Terms.RequestsPerMinute), Law.Limits, entry);
        Require(tokens == 0 || !(lately.Tokens + tokens > Terms.TokensPerMinute), Law.Limits, entry);
        Require(Terms.Period is not { } period || Used(period, entry.At) + granted <= Terms.Budget, Law.Limits, entry);
        Require(entry.IdempotencyFingerprint is not { } fingerprint || Bound(fingerprint, entry.At) is null, Law.ChargedOnce, entry);
    }

    private static DateTime Begin(BudgetPeriod period, DateTimeOffset at)
    {
        var day = at.UtcDateTime.Date;
        return period switch
        {
            BudgetPeriod.Month => new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Utc),
            BudgetPeriod.Week => System.Globalization.ISOWeek.ToDateTime(System.Globalization.ISOWeek.GetYear(day), System.Globalization.ISOWeek.GetWeekOfYear(day), DayOfWeek.Monday),
            _ => day,
        };
    }
}
