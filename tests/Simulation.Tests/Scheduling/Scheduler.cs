namespace LlmTr.Simulation.Tests.Scheduling;

/// <summary>
/// Runs everything of one simulation on one thread, one turn at a time, in an order that the seed alone decides. Time stands still while anything can
/// run, and then leaps to the next thing that is due.
/// </summary>
internal sealed class Scheduler
{
    /// <summary>The true time at the beginning: a day, a week and a month end 20 s later, and with them the periods of all budgets.</summary>
    public static readonly DateTimeOffset Start = new(2026, 5, 31, 23, 59, 40, TimeSpan.Zero);

    private readonly List<Turn> _ready = [];
    private readonly PriorityQueue<Turn, (TimeSpan Due, long Order)> _later = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Dice _dice;
    private long _order;

    public Scheduler(Dice dice)
    {
        _dice = dice;
        World = new Node(this, "world");
    }

    /// <summary>True time since <see cref="Start"/>.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many turns have run.</summary>
    public long Turns { get; private set; }

    /// <summary>A number that two runs share only if they did the same things at the same moments in the same order.</summary>
    public ulong Trace { get; private set; } = 14695981039346656037;

    /// <summary>Where the network, the disks and xAI are: it neither stops nor dies.</summary>
    public Node World { get; }

    /// <summary>The node whose turn ran last.</summary>
    public Node? Last { get; private set; }

    public void Post(Node node, SendOrPostCallback callback, object? state)
    {
        // From another thread something would run that the seed does not decide.
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("Something left the simulation's thread.");
        if (node.IsDead)
            return;
        if (_dice.OneIn(40))
            After(_dice.UpTo(TimeSpan.FromMilliseconds(5)), node, callback, state);
        else
            _ready.Add(new Turn(node, callback, state, isTimer: false));
    }

    /// <summary>Runs something of the world's later.</summary>
    public Turn After(TimeSpan delay, Action action) => After(delay, World, static state => ((Action)state!)(), action);

    public Turn After(TimeSpan delay, Node node, SendOrPostCallback callback, object? state, bool isTimer = false)
    {
        var turn = new Turn(node, callback, state, isTimer);
        _later.Enqueue(turn, (Now + delay, ++_order));
        return turn;
    }

    /// <summary>Adds to the trace what happened.</summary>
    public void Note(ulong what) => Trace = (Trace ^ what) * 1099511628211;

    /// <summary>Runs one turn; false when nothing is left to run.</summary>
    public bool Step()
    {
        while (true)
        {
            while (_later.TryPeek(out var next, out var when) && (next.IsCancelled || when.Due <= Now || _ready.Count == 0))
            {
                _later.Dequeue();
                if (next.IsCancelled || next.Node.IsDead)
                    continue;
                if (when.Due > Now)
                    Now = when.Due;
                _ready.Add(next);
            }

            if (_ready.Count == 0)
                return false;
            if (TakeOne() is not { } turn)
                continue;
            Run(turn);
            return true;
        }
    }

    private Turn? TakeOne()
    {
        var at = _dice.Below(_ready.Count);
        var turn = _ready[at];
        _ready[at] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (turn.IsCancelled || turn.Node.IsDead)
            return null;
        if (turn.Node.PausedUntil > Now)
        {
            _later.Enqueue(turn, (turn.Node.PausedUntil, ++_order));
            return null;
        }

        return turn;
    }

    private void Run(Turn turn)
    {
        Turns++;
        Last = turn.Node;
        Note((ulong)Now.Ticks);
        foreach (var letter in turn.Node.Name)
            Note(letter);

        // A timer fires outside of any node's context, so that whoever waits for it goes on in a turn of its own.
        var context = turn.IsTimer ? World.ContextOfATurn(fresh: true) : turn.Node.ContextOfATurn(fresh: _dice.OneIn(2));
        SynchronizationContext.SetSynchronizationContext(context);
        turn.Callback(turn.State);
    }
}

/// <summary>Something to run at a node.</summary>
internal sealed class Turn(Node node, SendOrPostCallback callback, object? state, bool isTimer)
{
    public Node Node => node;

    public SendOrPostCallback Callback => callback;

    public object? State => state;

    public bool IsTimer => isTimer;

    public bool IsCancelled { get; private set; }

    public void Cancel() => IsCancelled = true;
}
