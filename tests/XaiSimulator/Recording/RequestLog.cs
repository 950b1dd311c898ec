namespace LlmTr.XaiSimulator.Recording;

/// <summary>The last requests, bounded by their number and by the bytes of their bodies.</summary>
internal sealed class RequestLog(int mostRequests, long mostBytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<RecordedRequest> _requests = [];
    private readonly List<(long Count, TaskCompletionSource Reached)> _watchers = [];
    private long _bytes;
    private long _arrived;

    /// <summary>What is remembered, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Snapshot()
    {
        lock (_lock)
            return [.. _requests];
    }

    /// <summary>Adds what the given function makes of the next number.</summary>
    public RecordedRequest Add(Func<long, RecordedRequest> make)
    {
        lock (_lock)
        {
            var request = make(++_arrived);
            _requests.Enqueue(request);
            _bytes += request.Body.Length;
            while (_requests.Count > 1 && (_requests.Count > mostRequests || _bytes > mostBytes))
                _bytes -= _requests.Dequeue().Body.Length;

            foreach (var (count, reached) in _watchers)
            {
                if (_arrived >= count)
                    reached.TrySetResult();
            }

            _watchers.RemoveAll(watcher => watcher.Reached.Task.IsCompleted);
            return request;
        }
    }

    /// <summary>Completes once so many requests have arrived since the start or the last <see cref="Clear"/>.</summary>
    public Task WaitForArrivedAsync(int count, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_arrived >= count)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets all, and counts from 1 again.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _bytes = 0;
            _arrived = 0;
        }
    }
}
