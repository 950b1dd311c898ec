using LlmTr.Cluster.Tests.Load;

namespace LlmTr.Cluster.Tests.Faults;

/// <summary>What a fault did to the customers. Times count from the start of the load.</summary>
internal sealed record FaultReport
{
    /// <summary>How long after a fault requests may still fail for it.</summary>
    public static readonly TimeSpan Allowed = TimeSpan.FromSeconds(6);

    private FaultReport(Fault fault, string victim) => (Fault, Victim) = (fault, victim);

    public Fault Fault { get; }

    /// <summary>The silo that it hit; empty without one.</summary>
    public string Victim { get; }

    /// <summary>When it struck.</summary>
    public required TimeSpan Struck { get; init; }

    /// <summary>When all was mended and ready.</summary>
    public required TimeSpan Mended { get; init; }

    /// <summary>Calls that ended from the strike to the end of the look.</summary>
    public required int Calls { get; init; }

    /// <summary>Those of them that failed.</summary>
    public required IReadOnlyList<Call> Failed { get; init; }

    /// <summary>Those that failed although the target says that they should not.</summary>
    public required IReadOnlyList<Call> BeyondTarget { get; init; }

    /// <summary>The longest time without a good answer of a key that the victim hosted; null without such.</summary>
    public required TimeSpan? LongestGapOfVictim { get; init; }

    /// <summary>The same of the other keys.</summary>
    public required TimeSpan LongestGap { get; init; }

    /// <summary>Looks at all calls that ended from the strike until now.</summary>
    /// <param name="fault">What struck.</param>
    /// <param name="victim">The name of its victim.</param>
    /// <param name="victimsKeys">The keys that it hosted then.</param>
    /// <param name="struck">When it began to strike.</param>
    /// <param name="hit">When it had struck.</param>
    /// <param name="mended">When all was well again.</param>
    /// <param name="log">What the clients saw.</param>
    public static FaultReport Of(Fault fault, string victim, IReadOnlySet<CustomerKey> victimsKeys, TimeSpan struck, TimeSpan hit, TimeSpan mended, CallLog log)
    {
        var now = log.Now;
        var calls = log.Calls.Where(call => call.Ended >= struck && call.Ended <= now).ToArray();
        Call[] failed = [.. calls.Where(static call => !call.IsGood)];
        var gaps = log.Calls.Where(static call => call.Kind is CallKind.Text or CallKind.Stream).GroupBy(static call => call.Key)
            .Select(group => (IsVictims: victimsKeys.Contains(group.Key), Gap: LongestGapOf(group, struck, now))).ToArray();
        return new FaultReport(fault, victim)
        {
            Struck = struck,
            Mended = mended,
            Calls = calls.Length,
            Failed = failed,
            BeyondTarget = [.. failed.Where(call => !IsAllowed(fault.Target, call, victimsKeys.Contains(call.Key), hit, mended))],
            LongestGapOfVictim = Longest(gaps.Where(static gap => gap.IsVictims)),
            LongestGap = Longest(gaps.Where(static gap => !gap.IsVictims)) ?? TimeSpan.Zero,
        };
    }

    /// <summary>In one line.</summary>
    public override string ToString() =>
        $"{Fault.Name}{(Victim.Length > 0 ? $" ({Victim})" : "")}: {Calls} calls, {Failed.Count} failed ({Why(Failed)}), {BeyondTarget.Count} beyond the target; "
        + $"longest gap {(LongestGapOfVictim is { } gap ? $"{gap.TotalSeconds:F1} s (its keys), " : "")}{LongestGap.TotalSeconds:F1} s{(LongestGapOfVictim is null ? "" : " (others)")}; mended after {(Mended - Struck).TotalSeconds:F1} s";

    /// <summary>What failed beyond the target, call by call.</summary>
    public IEnumerable<string> Describe() => BeyondTarget.Select(
        call => $"{Fault.Name}: {call.Kind} of {call.Key.Id}, sent {(call.Began - Struck).TotalSeconds:F2} s and ended {(call.Ended - Struck).TotalSeconds:F2} s after it struck: {call.Why}");

    /// <summary>Failures by what they were, the most frequent first.</summary>
    public static string Why(IEnumerable<Call> failed) => string.Join(
        ", ", failed.GroupBy(static call => call.Why).OrderByDescending(static group => group.Count()).Select(static group => $"{group.Count()} × {group.Key}"));

    private static bool IsAllowed(Target target, Call call, bool isVictims, TimeSpan hit, TimeSpan mended) => target switch
    {
        Target.NoneFails => false,
        Target.OnlyThoseInFlight => call.Began <= hit,
        Target.VictimsKeysForSeconds => call.Began <= (isVictims ? hit + Allowed : hit),
        Target.AnyKeysForSeconds => call.Began <= hit + Allowed,
        _ => call.Began <= mended + Allowed,
    };

    private static TimeSpan? Longest(IEnumerable<(bool IsVictims, TimeSpan Gap)> gaps) => gaps.Select(static gap => (TimeSpan?)gap.Gap).Max();

    private static TimeSpan LongestGapOf(IEnumerable<Call> callsOfKey, TimeSpan from, TimeSpan to)
    {
        // The last good answer before the strike counts too: a key that is silent from then on has been since that answer.
        TimeSpan? last = null;
        var longest = TimeSpan.Zero;
        foreach (var ended in callsOfKey.Where(static call => call.IsGood).Select(static call => call.Ended).Order())
        {
            if (ended > to)
                break;
            if (last is { } previous && ended >= from && ended - previous > longest)
                longest = ended - previous;
            last = ended;
        }

        return last is { } final && to - final > longest ? to - final : longest;
    }
}
