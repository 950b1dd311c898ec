using LlmTr.Grains.Abstractions;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.FrontEnds;

/// <summary>What a front end makes of one attempt at xAI.</summary>
internal enum AttemptEnd
{
    /// <summary>The connection was never made.</summary>
    NeverSent,

    /// <summary>A refusal in xAI's own words, without a cost.</summary>
    Refused,

    /// <summary>The same, and it may be repeated.</summary>
    AtCapacity,

    /// <summary>An answer or a refusal with xAI's cost.</summary>
    Cost,

    /// <summary>An answer with usage but without a cost.</summary>
    UsageOnly,

    /// <summary>A part of an answer.</summary>
    Broken,

    /// <summary>Nothing that can be read, or nothing at all.</summary>
    Unknown,
}

/// <summary>One attempt.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Ticks">xAI's cost where it told it, or what the front end works out.</param>
internal readonly record struct Attempt(AttemptEnd End, long Ticks = 0);

/// <summary>xAI: it bills what it does, whether or not anybody hears of it.</summary>
internal sealed class SimulatedXai(Scheduler scheduler, Dice dice, Oracle oracle)
{
    /// <summary>Sends a request; the task may never complete.</summary>
    public Task<Attempt> Post(string key, RequestId id, long granted)
    {
        oracle.Sent(key, id, granted);
        var answer = new TaskCompletionSource<Attempt>();
        var fate = dice.Below(20);
        var cost = Cost(granted);
        switch (fate)
        {
            case 0:
                Answer(new Attempt(AttemptEnd.NeverSent));
                break;
            case 1:
                Answer(new Attempt(AttemptEnd.Refused));
                break;
            case 2:
                Answer(new Attempt(AttemptEnd.AtCapacity));
                break;
            case 3:
                Bill(dice.OneIn(2) ? cost : 0);
                break;
            case 4:
                Bill(dice.OneIn(2) ? cost : 0);
                Answer(new Attempt(AttemptEnd.Unknown));
                break;
            case 5:
                Bill(cost);
                Answer(new Attempt(AttemptEnd.UsageOnly, dice.OneIn(4) ? Cost(granted) : cost));
                break;
            case 6:
                Bill(cost);
                Answer(new Attempt(AttemptEnd.Broken, dice.Between(0, granted)));
                break;
            default:
                Bill(cost);
                Answer(new Attempt(AttemptEnd.Cost, cost));
                break;
        }

        return answer.Task;

        void Bill(long ticks) => oracle.Billed(key, id, ticks);

        void Answer(Attempt attempt) => scheduler.After(Latency(), () => answer.SetResult(attempt));
    }

    // Mostly within the hold, as a quote is meant to be; sometimes far above it, sometimes nothing.
    private long Cost(long granted) => dice.Below(8) switch
    {
        0 => granted,
        1 => 0,
        2 => dice.Between(granted, (granted * 4) + 1000),
        _ => dice.Between(1, granted),
    };

    private TimeSpan Latency() => dice.Below(12) switch
    {
        0 => dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(59)),
        1 or 2 => dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)),
        _ => dice.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(3)),
    };
}
