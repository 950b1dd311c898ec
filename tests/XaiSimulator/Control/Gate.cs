namespace LlmTr.XaiSimulator.Control;

/// <summary>
/// Holds requests after they were read and before anything is answered or billed, for as long as a test wants: "xAI keeps all waiting".
/// Open at the start. Every member may be used from any thread.
/// </summary>
public sealed class Gate
{
    private readonly Lock _lock = new();
    private readonly List<Watcher> _watchers = [];
    private RequestMatch? _closedFor;
    private TaskCompletionSource _opening = NewSource();
    private int _waiting;

    /// <summary>True while it holds requests.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
                return _closedFor is not null;
        }
    }

    /// <summary>How many requests it holds now; one that its client gave up is no longer counted.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting;
        }
    }

    /// <summary>From now on holds the requests that fit, by default every POST. What it holds already stays.</summary>
    public void Close(RequestMatch? match = null)
    {
        lock (_lock)
            _closedFor = match ?? RequestMatch.AnyPost;
    }

    /// <summary>Lets all go on, and holds no more.</summary>
    public void Open()
    {
        TaskCompletionSource opening;
        lock (_lock)
        {
            opening = _opening;
            _opening = NewSource();
            _closedFor = null;
            _waiting = 0;
        }

        opening.SetResult();
    }

    /// <summary>Completes once at least so many requests are held.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitForWaitingAsync(int count, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_waiting >= count)
                return Task.CompletedTask;
            var watcher = new Watcher(count, NewSource());
            _watchers.Add(watcher);
            return watcher.Reached.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Returns at once, or when the gate opens.</summary>
    internal async Task PassAsync(string method, string path, string prompt, string? model, CancellationToken cancellationToken)
    {
        Task opening;
        lock (_lock)
        {
            if (_closedFor is null || !_closedFor.Fits(method, path, prompt, model))
                return;
            opening = _opening.Task;
            _waiting++;
            foreach (var watcher in _watchers)
            {
                if (_waiting >= watcher.Count)
                    watcher.Reached.TrySetResult();
            }

            _watchers.RemoveAll(watcher => watcher.Reached.Task.IsCompleted);
        }

        try
        {
            await opening.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                // Opened meanwhile, it is no longer in the count.
                if (_opening.Task == opening)
                    _waiting--;
            }

            throw;
        }
    }

    // Continuations run elsewhere: whoever opens the gate must not serve a thousand requests on its own thread, nor inside the lock.
    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Watcher(int Count, TaskCompletionSource Reached);
}
