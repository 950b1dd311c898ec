namespace LlmTr.Simulation.Tests.Scheduling;

/// <summary>A node's clocks: the wall clock jumps, the monotonic one and the timers do not.</summary>
internal sealed class NodeClock(Node node) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Scheduler.Start + node.Scheduler.Now + node.ClockOffset;

    public override long GetTimestamp() => node.Scheduler.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
            throw new NotSupportedException("Nobody here needs a timer that repeats.");
        var timer = new Timer(node, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Node node, TimerCallback callback, object? state) : ITimer
    {
        private Turn? _turn;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _turn?.Cancel();
            _turn = dueTime == Timeout.InfiniteTimeSpan
                ? null
                : node.Scheduler.After(dueTime, node, new SendOrPostCallback(callback), state, isTimer: true);
            return true;
        }

        public void Dispose() => _turn?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
