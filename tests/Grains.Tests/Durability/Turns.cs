namespace LlmTr.Grains.Tests.Durability;

/// <summary>
/// Runs everything on the test's own thread, one thing at a time, as a grain's scheduler does: what is awaited goes on only when the test says so, and
/// a run is the same every time.
/// </summary>
internal sealed class Turns : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _waiting = [];
    private int _thread;

    public override void Post(SendOrPostCallback d, object? state)
    {
        // From another thread something would run that this run does not control.
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("A continuation came from another thread.");
        _waiting.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs the action and all that follows from it, until everyone waits for something outside.</summary>
    public T Run<T>(Func<T> action)
    {
        var outer = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            var result = action();
            while (_waiting.TryDequeue(out var next))
                next.Callback(next.State);
            return result;
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <inheritdoc cref="Run{T}(Func{T})"/>
    public void Run(Action action) => Run(() =>
    {
        action();
        return 0;
    });
}
