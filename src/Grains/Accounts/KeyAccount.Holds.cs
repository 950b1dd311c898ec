using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Accounts;

/// <content>The commands of a request's life: hold, then settle, release or unreconciled.</content>
public sealed partial class KeyAccount
{
    /// <summary>Decides about a hold.</summary>
    /// <exception cref="ArgumentException">The command contradicts itself.</exception>
    public PlaceHoldReply PlaceHold(PlaceHold command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (!command.Least.IsPositive || command.Most < command.Least || command.AvailableDivisor < 1 || command.Lifetime <= TimeSpan.Zero)
            throw new ArgumentException("A hold needs 0 < least <= most, a divisor of at least 1 and a lifetime.", nameof(command));
        if (command.LeastTokens < 0 || command.MostTokens < command.LeastTokens || command.MostTokens > MaxTokens)
            throw new ArgumentException("A hold needs 0 <= least tokens <= most tokens <= 1000000000000.", nameof(command));
        if (command is { IdempotencyKey: not null, Body: null })
            throw new ArgumentException("An idempotency key needs the fingerprint of its body.", nameof(command));

        // A repeat is told what the first was told, whatever has become of secret, key and limits since: told otherwise, its caller would leave the hold open.
        if (_holds.TryGetValue(command.Id, out var open) && WasGiven(command.Secret))
            return Refusal(PlaceHoldOutcome.Granted, now) with { Granted = open.Amount, GrantedTokens = open.Tokens };
        if (!Authenticates(command.Secret, now))
            return new PlaceHoldReply { Outcome = PlaceHoldOutcome.Unauthenticated };
        if (_ended.TryGet(command.Id, out _) || _cases.ContainsKey(command.Id))
            return Refusal(PlaceHoldOutcome.Ended, now);
        if ((now - command.Id.MadeAt).Duration() > MaxIdAge)
            return Refusal(PlaceHoldOutcome.TooOld, now);
        if (Refused(command, now) is { } refused)
            return refused;
        if (Available < command.Least)
            return Refusal(PlaceHoldOutcome.InsufficientBalance, now);

        var left = UsdTicks.Min(Available, BudgetLeft(now) ?? Available);
        var granted = UsdTicks.Min(command.Most, UsdTicks.Max(command.Least, new UsdTicks(left.Value / command.AvailableDivisor)));
        var tokens = TokensFor(command, now);
        entries.Add(Next(LedgerEntryKind.HoldPlaced, now) with
        {
            RequestId = command.Id,
            Amount = granted,
            Held = Held + granted,
            Deadline = WholeMilliseconds(now + command.Lifetime),
            Model = command.Model,
            Endpoint = command.Endpoint,
            ReservedTokens = tokens > 0 ? tokens : null,
            IdempotencyFingerprint = command.IdempotencyKey?.ToString(),
            BodyFingerprint = command.IdempotencyKey is null ? null : command.Body?.ToString(),
        });
        return new PlaceHoldReply
        {
            Outcome = PlaceHoldOutcome.Granted,
            Granted = granted,
            GrantedTokens = tokens,
            Available = Available - granted,
            Rate = _rates.Status(_settings.Limits, now, requests: 1, tokens),
            BudgetLeft = BudgetLeft(now) - granted,
        };
    }

    /// <summary>
    /// Decides about a charge: from the hold first, then from what is available; what neither covers is an overrun. Also closes the case of a hold
    /// that ended unreconciled, once, from what is available.
    /// </summary>
    /// <exception cref="ArgumentException">The cost is negative, or so large that the sum of all overruns could not be written.</exception>
    public SettleReply Settle(Settle command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (command.Cost.IsNegative)
            throw new ArgumentException("A cost is zero or more.", nameof(command));

        UsdTicks? hold = null;
        string model, endpoint;
        if (_holds.TryGetValue(command.Id, out var open))
            (hold, model, endpoint) = (open.Amount, open.Model, open.Endpoint);
        else if (_cases.TryGetValue(command.Id, out var openCase))
            (model, endpoint) = (openCase.Model, openCase.Endpoint);
        else
            return RepeatedSettle(command.Id);

        return AddCharge(command.Id, hold, command.Cost, entries, Next(LedgerEntryKind.HoldSettled, now) with
        {
            CostSource = command.Source,
            Model = model,
            Endpoint = endpoint,
            InputTokens = Believed(command.Facts.InputTokens),
            CachedTokens = Believed(command.Facts.CachedTokens),
            OutputTokens = Believed(command.Facts.OutputTokens),
            ReasoningTokens = Believed(command.Facts.ReasoningTokens),
            StatusCode = command.Facts.StatusCode,
            LatencyMs = command.Facts.LatencyMs,
        });
    }

    /// <summary>Decides about the end of a hold without a charge.</summary>
    public EndHoldOutcome Release(Release command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (_holds.TryGetValue(command.Id, out var open))
        {
            entries.Add(Ending(LedgerEntryKind.HoldReleased, command.Id, open, now) with
            {
                Reason = command.Reason,
                StatusCode = command.StatusCode,
                LatencyMs = command.LatencyMs,
            });
            return EndHoldOutcome.Ended;
        }

        if (EndedBefore(command.Id) is { } before)
            return before;

        // Nothing to remember for a key that was never issued, or where the hold would be refused for its age anyway. An id from a clock that runs
        // ahead is refused now but may not be a little later, so such ids are remembered twice as far; beyond that, no message is under way so long.
        var age = now - command.Id.MadeAt;
        if (!Exists || age > MaxIdAge || -age > MaxIdAge + MaxIdAge)
            return EndHoldOutcome.UnknownHold;
        entries.Add(Next(LedgerEntryKind.HoldReleased, now) with
        {
            RequestId = command.Id,
            Reason = command.Reason,
            StatusCode = command.StatusCode,
            LatencyMs = command.LatencyMs,
        });
        return EndHoldOutcome.Ended;
    }

    /// <summary>Decides about the end of a hold whose outcome nobody could learn.</summary>
    public EndHoldOutcome ReportUnreconciled(ReportUnreconciled command, DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (!_holds.TryGetValue(command.Id, out var open))
        {
            // An open case is what was asked for, so a repeat is told what the first was told.
            var before = EndedBefore(command.Id) ?? EndHoldOutcome.UnknownHold;
            return before == EndHoldOutcome.Unreconciled ? EndHoldOutcome.Ended : before;
        }

        entries.Add(Ending(LedgerEntryKind.Unreconciled, command.Id, open, now) with
        {
            Reason = command.Reason,
            StatusCode = command.StatusCode,
            LatencyMs = command.LatencyMs,
        });
        return EndHoldOutcome.Ended;
    }

    /// <summary>
    /// Ends the hold that is furthest past its deadline, if there is one; true means that there may be another. One at a time, as each entry builds
    /// on the one before.
    /// </summary>
    public bool ExpireNextHold(DateTimeOffset now, ICollection<LedgerEntry> entries)
    {
        if (_deadlines.Count == 0 || _deadlines.Min.Deadline >= now)
            return false;
        var id = new RequestId(_deadlines.Min.Id);
        entries.Add(Ending(LedgerEntryKind.HoldExpired, id, _holds[id], now) with { Reason = "past its deadline" });
        return true;
    }

    // From the hold first, then from what is available; the rest an overrun.
    private SettleReply AddCharge(RequestId id, UsdTicks? hold, UsdTicks cost, ICollection<LedgerEntry> entries, LedgerEntry facts)
    {
        var charged = UsdTicks.Min(cost, (hold ?? UsdTicks.Zero) + Available);
        var overrun = cost - charged;
        if (overrun > UsdTicks.MaxValue - _overruns)
            throw new ArgumentException("A cost must leave the sum of all overruns within the largest amount that can be written.", nameof(cost));
        var settled = facts with
        {
            RequestId = id,
            Amount = charged,
            Balance = Balance - charged,
            Held = Held - (hold ?? UsdTicks.Zero),
            Hold = hold,
            Cost = cost,
        };
        entries.Add(settled);
        if (overrun.IsPositive)
        {
            entries.Add(Next(LedgerEntryKind.Overrun, facts.At) with
            {
                Seq = settled.Seq + 1,
                RequestId = id,
                Amount = overrun,
                Balance = settled.Balance,
                Held = settled.Held,
                Model = settled.Model,
                Endpoint = settled.Endpoint,
            });
        }

        return new SettleReply { Outcome = SettleOutcome.Settled, Charged = charged, Overrun = overrun, Available = settled.Balance - settled.Held };
    }

    // A count that no request can have is none: written down, it would break the sums of every report.
    private static long? Believed(long? tokens) => tokens is >= 0 and <= MaxTokens ? tokens : null;

    // What a line of the ledger can hold: the account in memory and the account read back must expire a hold at the same moment.
    private static DateTimeOffset WholeMilliseconds(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMillisecond));

    private LedgerEntry Ending(LedgerEntryKind kind, RequestId id, OpenHold hold, DateTimeOffset now) => Next(kind, now) with
    {
        RequestId = id,
        Amount = hold.Amount,
        Held = Held - hold.Amount,
        Model = hold.Model,
        Endpoint = hold.Endpoint,
    };

    private SettleReply RepeatedSettle(RequestId id)
    {
        if (!_ended.TryGet(id, out var ended))
            return new SettleReply { Outcome = SettleOutcome.UnknownHold, Available = Available };
        return ended.Kind == LedgerEntryKind.HoldSettled
            ? new SettleReply { Outcome = SettleOutcome.Settled, Charged = ended.Charged, Overrun = ended.Overrun, Available = Available }
            : new SettleReply { Outcome = SettleOutcome.Released, Available = Available };
    }

    private EndHoldOutcome? EndedBefore(RequestId id)
    {
        if (_cases.ContainsKey(id))
            return EndHoldOutcome.Unreconciled;
        if (!_ended.TryGet(id, out var ended))
            return null;
        return ended.Kind switch
        {
            LedgerEntryKind.HoldSettled => EndHoldOutcome.Settled,
            LedgerEntryKind.HoldReleased => EndHoldOutcome.Ended,
            _ => EndHoldOutcome.Unreconciled,
        };
    }
}
