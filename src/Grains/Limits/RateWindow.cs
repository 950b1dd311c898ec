using LlmTr.Grains.Abstractions;

namespace LlmTr.Grains.Limits;

/// <summary>
/// Requests and tokens of the last minute, in one slot a second: bounded memory, whatever the traffic. A slot counts until its last moment is 60 s old, so that no 60 s,
/// wherever they begin, see more than the limit.
/// </summary>
internal sealed class RateWindow
{
    private const int Seconds = 61;

    private readonly Slot[] _slots = new Slot[Seconds];

    /// <summary>Counts a hold.</summary>
    public void Add(DateTimeOffset at, long tokens)
    {
        var second = at.ToUnixTimeSeconds();
        ref var slot = ref SlotOf(second);
        if (slot.Second != second)
            slot = new Slot { Second = second };
        slot.Requests++;
        slot.Tokens += tokens;
    }

    /// <summary>Corrects the tokens of a hold, as long as its second counts.</summary>
    public void Correct(DateTimeOffset placedAt, long difference)
    {
        ref var slot = ref SlotOf(placedAt.ToUnixTimeSeconds());
        if (slot.Second == placedAt.ToUnixTimeSeconds())
            slot.Tokens += difference;
    }

    /// <summary>How the limits stand; null without any.</summary>
    /// <param name="limits">The key's.</param>
    /// <param name="now">Not before the last hold.</param>
    /// <param name="requests">Counted on top, as if just placed.</param>
    /// <param name="tokens">Counted on top, as if just reserved.</param>
    public RateStatus? Status(KeyLimits limits, DateTimeOffset now, int requests = 0, long tokens = 0)
    {
        if (limits is { RequestsPerMinute: null, TokensPerMinute: null })
            return null;
        long usedRequests = requests, usedTokens = tokens;
        var current = now.ToUnixTimeSeconds();
        var (lastRequest, lastToken) = (0L, 0L);
        for (var second = current - Seconds + 1; second <= current; second++)
        {
            ref var slot = ref SlotOf(second);
            if (slot.Second != second)
                continue;
            usedRequests += slot.Requests;
            usedTokens += slot.Tokens;
            if (slot.Requests > 0)
                lastRequest = second;
            if (slot.Tokens > 0)
                lastToken = second;
        }

        if (requests > 0)
            lastRequest = current;
        if (tokens > 0)
            lastToken = current;
        return new RateStatus
        {
            LimitRequests = limits.RequestsPerMinute,
            RemainingRequests = (int)Math.Max(0, (limits.RequestsPerMinute ?? 0) - usedRequests),
            ResetRequests = limits.RequestsPerMinute is null || lastRequest == 0 ? TimeSpan.Zero : UntilGone(lastRequest, now),
            LimitTokens = limits.TokensPerMinute,
            RemainingTokens = Math.Max(0, (limits.TokensPerMinute ?? 0) - usedTokens),
            ResetTokens = limits.TokensPerMinute is null || lastToken == 0 ? TimeSpan.Zero : UntilGone(lastToken, now),
        };
    }

    /// <summary>Until one more request fits.</summary>
    public TimeSpan UntilRequestFits(int limit, DateTimeOffset now) => UntilFits(1, limit, now, static slot => slot.Requests) ?? TimeSpan.Zero;

    /// <summary>Until so many tokens fit; null when they never do.</summary>
    public TimeSpan? UntilTokensFit(long tokens, long limit, DateTimeOffset now) => UntilFits(tokens, limit, now, static slot => slot.Tokens);

    private TimeSpan? UntilFits(long wanted, long limit, DateTimeOffset now, Func<Slot, long> amount)
    {
        if (wanted > limit)
            return null;
        var current = now.ToUnixTimeSeconds();
        var used = 0L;
        for (var second = current - Seconds + 1; second <= current; second++)
            used += SlotOf(second) is { } slot && slot.Second == second ? amount(slot) : 0;

        // From the oldest second on, until enough of them are gone.
        for (var second = current - Seconds + 1; second <= current; second++)
        {
            if (used + wanted <= limit)
                return second == current - Seconds + 1 ? TimeSpan.Zero : UntilGone(second - 1, now);
            used -= SlotOf(second) is { } slot && slot.Second == second ? amount(slot) : 0;
        }

        return UntilGone(current, now);
    }

    private static TimeSpan UntilGone(long second, DateTimeOffset now) => DateTimeOffset.FromUnixTimeSeconds(second + Seconds) - now;

    /// <summary>The seconds that anything was counted in, for a snapshot.</summary>
    public RateSlotState[] Capture() =>
        [.. _slots.Where(static slot => slot.Second > 0).Select(static slot => new RateSlotState(slot.Second, slot.Requests, slot.Tokens))];

    /// <summary>Takes back what was captured.</summary>
    public void Restore(RateSlotState[] state)
    {
        foreach (var (second, requests, tokens) in state)
            SlotOf(second) = new Slot { Second = second, Requests = requests, Tokens = tokens };
    }

    private ref Slot SlotOf(long second) => ref _slots[(int)(second % Seconds)];

    private struct Slot
    {
        public long Second;
        public int Requests;
        public long Tokens;
    }
}

/// <summary>One second of a <see cref="RateWindow"/> in a snapshot.</summary>
internal readonly record struct RateSlotState(long Second, int Requests, long Tokens);
