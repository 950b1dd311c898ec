using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.FrontEnds;

/// <summary>One request, as <c>MeteredCall</c> and <c>Endings</c> carry it out, without its bytes: hold, send, measure, end.</summary>
internal sealed class MeteredRequest(FrontEnd frontEnd, SimulatedXai xai, Oracle oracle, Dice dice, Plan plan, string key, SecretHash secret)
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
    private bool _refusedAtOnce;

    public async Task Run()
    {
        frontEnd.Running++;
        if (await PlaceHold() is { } granted)
            await End(granted, await Send(granted));

        // Asked once and refused: only a message that the network doubles could still find the money, and no front end can know of it.
        if (!_refusedAtOnce && UntilDeadline > TimeSpan.Zero)
            oracle.Over(key, _id);
        frontEnd.Running--;
    }

    // A version 7 UUID whose random bits come from the seed.
    private static RequestId NewId(DateTimeOffset now, Dice dice)
    {
        var high = ((ulong)now.ToUnixTimeMilliseconds() << 16) | 0x7000 | (dice.Next() & 0xFFF);
        var low = 0x8000_0000_0000_0000 | (dice.Next() >> 2);
        return RequestId.TryParse($"req_{high:x16}{low:x16}", out var id) ? id : throw new InvalidOperationException("Such an id cannot be.");
    }

    // A small choice, so that many are repeats.
    private static Fingerprint SomeOf(Dice dice, string what, int choice) => Fingerprint.Of(System.Text.Encoding.UTF8.GetBytes($"{what} {(char)('a' + dice.Below(choice))}"));

    private TimeSpan UntilDeadline => HoldLifetime - _clock.GetElapsedTime(_holdAsked);

    private async Task<long?> PlaceHold()
    {
        var least = dice.Between(1, 400);
        var fixedCap = dice.OneIn(2);
        var leastTokens = dice.Between(0, 300);
        Fingerprint? idempotencyKey = dice.OneIn(3) ? SomeOf(dice, "idempotency key", 6) : null;
        var leavesAfter = dice.OneIn(8) ? dice.UpTo(TimeSpan.FromSeconds(6)) : TimeSpan.MaxValue;
        _holdAsked = _clock.GetTimestamp();
        var (told, reply, asked) = await frontEnd.Repeat(
            key,
            new PlaceHold
            {
                Id = _id,
                Secret = secret,
                Least = new UsdTicks(least),
                Most = new UsdTicks(fixedCap ? least : least + dice.Between(0, 2000)),
                AvailableDivisor = fixedCap ? 1 : 4,
                Lifetime = HoldLifetime,
                Model = dice.OneIn(6) ? "grok-4.20" : "grok-4.3",
                Endpoint = "/v1/responses",
                LeastTokens = leastTokens,
                MostTokens = fixedCap ? leastTokens : leastTokens + dice.Between(0, 1000),
                IdempotencyKey = idempotencyKey,
                Body = idempotencyKey is null ? null : SomeOf(dice, "body", 2),
            },
            static (account, command, now, entries) => account.PlaceHold(command, now, entries),
            PatienceOfACaller,
            () => _clock.GetElapsedTime(_holdAsked) > leavesAfter);
        if (!told)
            await Release("the hold was not answered");
        var refused = reply is { Outcome: not PlaceHoldOutcome.Granted };
        _refusedAtOnce = refused && asked == 1;
        if (refused && asked > 1)
            await Release("refused, and asked for more than once");
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
        new Settle { Id = _id, Cost = new UsdTicks(cost), Source = source, Facts = SomeFacts() },
        static (account, command, now, entries) => account.Settle(command, now, entries),
        UntilDeadline);

    // Usage now and then comes without numbers, and is above what was reserved.
    private RequestFacts SomeFacts() => new()
    {
        InputTokens = dice.OneIn(6) ? null : dice.Between(0, 300),
        OutputTokens = dice.OneIn(6) ? null : dice.Between(0, 800),
        StatusCode = 200,
        LatencyMs = 1,
    };

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
