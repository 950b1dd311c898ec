using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.FrontEnds;

/// <summary>One request, as <c>MeteredCall</c> and <c>Endings</c> carry it out, without its bytes: hold, send, measure, end.</summary>
internal sealed class MeteredRequest(FrontEnd frontEnd, SimulatedXai xai, Dice dice, Plan plan, string key)
{
    // The production values; see MeteringOptions.
    private static readonly TimeSpan PatienceOfACaller = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan HoldFreshness = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UpstreamLimit = TimeSpan.FromSeconds(3600);
    private static readonly TimeSpan HoldLifetime = HoldFreshness + UpstreamLimit + TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(30);
    private const int MostAttempts = 3;

    private readonly NodeClock _clock = frontEnd.Node.Clock;
    private readonly RequestId _id = NewId(frontEnd.Node.Clock.GetUtcNow(), dice);
    private long _holdAsked;

    public async Task Run()
    {
        frontEnd.Running++;
        if (await PlaceHold() is { } granted)
            await End(granted, await Send(granted));
        frontEnd.Running--;
    }

    // A version 7 UUID whose random bits come from the seed.
    private static RequestId NewId(DateTimeOffset now, Dice dice)
    {
        var high = ((ulong)now.ToUnixTimeMilliseconds() << 16) | 0x7000 | (dice.Next() & 0xFFF);
        var low = 0x8000_0000_0000_0000 | (dice.Next() >> 2);
        return RequestId.TryParse($"req_{high:x16}{low:x16}", out var id) ? id : throw new InvalidOperationException("Such an id cannot be.");
    }

    private TimeSpan UntilDeadline => HoldLifetime - _clock.GetElapsedTime(_holdAsked);

    private async Task<long?> PlaceHold()
    {
        var least = dice.Between(1, 400);
        var fixedCap = dice.OneIn(2);
        var leavesAfter = dice.OneIn(8) ? dice.UpTo(TimeSpan.FromSeconds(6)) : TimeSpan.MaxValue;
        _holdAsked = _clock.GetTimestamp();
        var (told, reply) = await frontEnd.Repeat(
            key,
            new PlaceHold
            {
                Id = _id,
                Secret = dice.OneIn(20) ? Secrets.Wrong : Secrets.Right,
                Least = new UsdTicks(least),
                Most = new UsdTicks(fixedCap ? least : least + dice.Between(0, 2000)),
                AvailableDivisor = fixedCap ? 1 : 4,
                Lifetime = HoldLifetime,
                Model = "grok-4.3",
                Endpoint = "/v1/responses",
            },
            static (account, command, now, entries) => account.PlaceHold(command, now, entries),
            PatienceOfACaller,
            () => _clock.GetElapsedTime(_holdAsked) > leavesAfter);
        if (!told)
            await Release("the hold was not answered");
        return reply is { Outcome: PlaceHoldOutcome.Granted } ? reply.Granted.Value : null;
    }

    private async Task<Attempt?> Send(long granted)
    {
        if (plan.Strikes(plan.PauseBetweenHoldAndSend))
        {
            frontEnd.Node.Pause(dice.UpTo(dice.OneIn(4) ? TimeSpan.FromHours(2) : TimeSpan.FromSeconds(70)));
            await Task.Delay(TimeSpan.FromTicks(1), _clock);
        }

        var pause = TimeSpan.FromMilliseconds(250);
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            if (_clock.GetElapsedTime(_holdAsked) >= HoldFreshness)
            {
                await Release("the hold was too old to be used");
                return null;
            }

            Attempt end;
            try
            {
                end = await xai.Post(key, _id, granted).WaitAsync(UpstreamLimit, _clock);
            }
            catch (TimeoutException)
            {
                end = new Attempt(AttemptEnd.Unknown);
            }

            if (end.End is not (AttemptEnd.NeverSent or AttemptEnd.AtCapacity) || attempt == MostAttempts)
                return end;
            await Task.Delay(pause, _clock);
        }
    }

    private Task End(long granted, Attempt? attempt) => attempt switch
    {
        null => Task.CompletedTask,
        { End: AttemptEnd.Cost, Ticks: var cost } => Settle(cost, CostSource.Provider),
        { End: AttemptEnd.UsageOnly, Ticks: var cost } => Settle(cost, CostSource.Catalogue),
        { End: AttemptEnd.Broken, Ticks: var cost } => Settle(Math.Min(cost, granted), CostSource.Estimate),
        { End: AttemptEnd.Unknown } => ReportUnreconciled(),
        _ => Release("refused by xAI"),
    };

    private async Task Settle(long cost, CostSource source) => await frontEnd.Repeat(
        key,
        new Settle { Id = _id, Cost = new UsdTicks(cost), Source = source, Facts = new RequestFacts { StatusCode = 200, LatencyMs = 1 } },
        static (account, command, now, entries) => account.Settle(command, now, entries),
        UntilDeadline);

    private async Task Release(string reason) => await frontEnd.Repeat(
        key,
        new Release { Id = _id, Reason = reason, StatusCode = 503 },
        static (account, command, now, entries) => account.Release(command, now, entries),
        UntilDeadline);

    private async Task ReportUnreconciled() => await frontEnd.Repeat(
        key,
        new ReportUnreconciled { Id = _id, Reason = "sent, and no answer came", StatusCode = 502 },
        static (account, command, now, entries) => account.ReportUnreconciled(command, now, entries),
        UntilDeadline);
}
