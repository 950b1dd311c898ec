using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>Whether what was said about a hold was true. Where it depends on a clock that nobody here knows, what must have been so on any clock.</summary>
internal sealed class HoldAnswers(Scheduler scheduler, Plan plan, Findings findings)
{
    // The product counts whole seconds: up to one more than a minute.
    private static readonly TimeSpan LongestMinute = TimeSpan.FromSeconds(61);

    public void Check(LedgerBook book, PlaceHold place, PlaceHoldReply told, long since)
    {
        var record = book.Of(place.Id);
        switch (told.Outcome)
        {
            case PlaceHoldOutcome.Granted:
                Require(record is { Placed: > 0 } && record.Granted == told.Granted.Value, Law.Durable, place, told);
                Require(record is { Ended: 0 } || record?.Ended > since, Law.Truth, place, told);
                Require(told.Granted >= place.Least && told.Granted <= place.Most, Law.Truth, place, told);
                Require(told.GrantedTokens >= place.LeastTokens && told.GrantedTokens <= place.MostTokens, Law.Truth, place, told);
                Require(record is not null && book.After(record.Placed).Terms.Opens(place.Secret.ToHex(), record.PlacedAt), Law.Limits, place, told);
                break;
            case PlaceHoldOutcome.Ended:
                Require(record is { Ended: > 0 }, Law.Durable, place, told);
                break;
            case PlaceHoldOutcome.InsufficientBalance:
                Require(told.Available < place.Least && book.Sometime(since, state => state.Available == told.Available.Value), Law.Truth, place, told);
                break;
            case PlaceHoldOutcome.Unauthenticated:
                Require(since == 0 || book.Sometime(since, state => state.Terms.Secret != place.Secret.ToHex() || state.Terms.Revoked), Law.Truth, place, told);
                break;
            case PlaceHoldOutcome.TooOld:
                var trueAge = Scheduler.Start + scheduler.Now - place.Id.MadeAt;
                Require(plan.ClockJump > 0 || trueAge > KeyAccount.MaxIdAge - TimeSpan.FromSeconds(1), Law.Truth, place, told);
                break;
            case PlaceHoldOutcome.KeyDisabled:
                Require(book.Sometime(since, static state => state.Terms.Disabled), Law.Truth, place, told);
                break;
            case PlaceHoldOutcome.KeyExpired:
                Require(book.Sometime(since, state => state.Terms.ExpiresAt is { } at && (plan.ClockJump > 0 || at <= Scheduler.Start + scheduler.Now)), Law.Truth, place, told);
                break;
            case PlaceHoldOutcome.ModelNotAllowed:
                Require(book.Sometime(since, state => !state.Terms.Allows(place.Model)), Law.Truth, place, told);
                break;
            case PlaceHoldOutcome.RateLimited:
                Require(IsReached(book, place, told.Limit, since), Law.Truth, place, told);
                break;
            case PlaceHoldOutcome.BudgetExceeded:
                Require(told.BudgetLeft < place.Least && book.Sometime(since, static state => state.Terms.Budget is not null), Law.Truth, place, told);
                break;
            case PlaceHoldOutcome.IdempotentRepeat:
            case PlaceHoldOutcome.IdempotencyConflict:
                var first = told.First is { } said ? book.Of(said.Id) : null;
                Require(
                    first is { Placed: > 0 } && first.Fingerprint == place.IdempotencyKey.ToString()
                    && first.Body == place.Body.ToString() == (told.Outcome == PlaceHoldOutcome.IdempotentRepeat)
                    && (!first.IsReleased || first.Ended > since)
                    && (!told.First!.HasEnded || first.Ended > 0),
                    Law.Truth, place, told);
                break;
        }

        // A repeat is told what the first was told, whatever has become of the key since.
        Require(
            record is not { Placed: > 0, Ended: 0 } || record.Placed > since || told.Outcome == PlaceHoldOutcome.Granted
            || !book.After(record.Placed).Terms.Opens(place.Secret.ToHex(), record.PlacedAt),
            Law.RepeatChangesNothing, place, told);
    }

    private static bool IsReached(LedgerBook book, PlaceHold place, KeyLimit? limit, long since)
    {
        for (var seq = since; seq <= book.Seq; seq++)
        {
            var (state, terms) = (book.After(seq), book.After(seq).Terms);
            var reached = limit switch
            {
                KeyLimit.MaxConcurrent => state.OpenHolds >= terms.MaxConcurrent,
                KeyLimit.RequestsPerMinute => book.Within(LongestMinute, state.At, seq).Requests >= terms.RequestsPerMinute,

                // What tokens counted for at that moment is not known any more: they are corrected afterwards.
                KeyLimit.TokensPerMinute => terms.TokensPerMinute is not null && place.LeastTokens > 0,
                _ => false,
            };
            if (reached)
                return true;
        }

        return false;
    }

    private void Require(bool condition, string invariant, PlaceHold place, PlaceHoldReply told) =>
        findings.Require(condition, invariant, $"{place.Id} was told {told}");
}
