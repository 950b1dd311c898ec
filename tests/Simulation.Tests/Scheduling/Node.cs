namespace LlmTr.Simulation.Tests.Scheduling;

/// <summary>
/// A place where code runs: a process, or an activation inside one. It can be paused, as by a garbage collection or a stopped virtual machine, and it
/// can die, which drops everything that it would have done; both reach what runs inside it.
/// </summary>
internal sealed class Node
{
    private readonly Node? _inside;
    private readonly TurnContext _context;
    private bool _died;
    private TimeSpan _pausedUntil;
    private TimeSpan _offset;

    public Node(Scheduler scheduler, string name, Node? inside = null)
    {
        (Scheduler, Name, _inside) = (scheduler, name, inside);
        _context = new TurnContext(this);
        Clock = new NodeClock(this);
    }

    public Scheduler Scheduler { get; }

    public string Name { get; }

    public NodeClock Clock { get; }

    public bool IsDead => _died || _inside is { IsDead: true };

    /// <summary>Nothing runs here before this moment of the scheduler's time.</summary>
    public TimeSpan PausedUntil => _inside is { } outer && outer.PausedUntil > _pausedUntil ? outer.PausedUntil : _pausedUntil;

    /// <summary>How far its wall clock is ahead of the true time. Its monotonic clock never jumps.</summary>
    public TimeSpan ClockOffset
    {
        get => _inside?.ClockOffset ?? _offset;
        set => _offset = value;
    }

    public void Die() => _died = true;

    public void Pause(TimeSpan howLong)
    {
        var until = Scheduler.Now + howLong;
        if (until > _pausedUntil)
            _pausedUntil = until;
    }

    /// <summary>Runs something here, soon.</summary>
    public void Run(Action action) => Scheduler.Post(this, static state => ((Action)state!)(), action);

    /// <summary>
    /// What a turn sees as its context. A fresh one makes each await that began in an earlier turn go on in a turn of its own; the old one lets it go on
    /// at once, inside the turn that completed it. Both happen in reality.
    /// </summary>
    public SynchronizationContext ContextOfATurn(bool fresh) => fresh ? new TurnContext(this) : _context;

    private sealed class TurnContext(Node node) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => node.Scheduler.Post(node, d, state);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

        public override SynchronizationContext CreateCopy() => this;
    }
}
