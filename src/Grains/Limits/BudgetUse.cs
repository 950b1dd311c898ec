using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Limits;

/// <summary>
/// What was spent and is held in the current day, week and month. All three are always counted, so that a budget that is set in mid-month knows
/// what the month has cost.
/// </summary>
internal sealed class BudgetUse
{
    private readonly (DateTimeOffset Start, UsdTicks Used)[] _periods = new (DateTimeOffset, UsdTicks)[3];

    /// <summary>Charges and open holds of the period that <paramref name="now"/> is in.</summary>
    public UsdTicks Used(BudgetPeriod period, DateTimeOffset now)
    {
        var (start, used) = _periods[(int)period];
        return start == StartOf(period, now) ? used : UsdTicks.Zero;
    }

    /// <summary>Adds an amount, which may be negative, to the periods of a hold; to those that are over it does not matter any more.</summary>
    /// <param name="placedAt">When the hold was placed.</param>
    /// <param name="amount">The hold, or what its end changes.</param>
    public void Add(DateTimeOffset placedAt, UsdTicks amount)
    {
        for (var period = BudgetPeriod.Day; period <= BudgetPeriod.Month; period++)
        {
            ref var current = ref _periods[(int)period];
            var start = StartOf(period, placedAt);
            if (start > current.Start)
                current = (start, amount);
            else if (start == current.Start)
                current.Used += amount;
        }
    }

    /// <summary>The periods, for a snapshot.</summary>
    public BudgetPeriodState[] Capture() => [.. _periods.Select(static period => new BudgetPeriodState(period.Start, period.Used))];

    /// <summary>Takes back what was captured.</summary>
    /// <exception cref="FormatException">There are not as many periods as are counted.</exception>
    public void Restore(BudgetPeriodState[] state)
    {
        if (state.Length != _periods.Length)
            throw new FormatException("A snapshot has another number of budget periods.");
        for (var i = 0; i < state.Length; i++)
            _periods[i] = (state[i].Start, state[i].Used);
    }

    /// <summary>When the period of a moment began, UTC.</summary>
    public static DateTimeOffset StartOf(BudgetPeriod period, DateTimeOffset at) => Midnight(FirstDay(period, at));

    /// <summary>When the period of a moment ends, UTC.</summary>
    public static DateTimeOffset EndOf(BudgetPeriod period, DateTimeOffset at)
    {
        var first = FirstDay(period, at);
        return Midnight(period switch
        {
            BudgetPeriod.Day => first.AddDays(1),
            BudgetPeriod.Week => first.AddDays(7),
            _ => first.AddMonths(1),
        });
    }

    private static DateOnly FirstDay(BudgetPeriod period, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return period switch
        {
            BudgetPeriod.Day => day,
            BudgetPeriod.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            _ => day.AddDays(1 - day.Day),
        };
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

/// <summary>One period of a <see cref="BudgetUse"/> in a snapshot.</summary>
internal readonly record struct BudgetPeriodState(DateTimeOffset Start, UsdTicks Used);
