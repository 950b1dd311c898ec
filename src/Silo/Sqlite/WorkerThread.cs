using System.Collections.Concurrent;

namespace LlmTr.Silo.Sqlite;

/// <summary>
/// A thread that takes work items in order, many at a time. SQLite's calls block; on a thread of their own they block nobody else.
/// </summary>
/// <typeparam name="TWork">One piece of work.</typeparam>
internal sealed class WorkerThread<TWork> : IDisposable
{
    private readonly BlockingCollection<TWork> _queue;
    private readonly Thread _thread;
    private readonly Action<IReadOnlyList<TWork>> _run;
    private readonly int _mostAtOnce;

    /// <param name="name">The thread's name, for a debugger.</param>
    /// <param name="capacity">Above this many waiting items <see cref="TryAdd"/> refuses: waiting without limit is how memory ends.</param>
    /// <param name="mostAtOnce">How many items one call of <paramref name="run"/> gets at most.</param>
    /// <param name="run">Does the work; reports failures through the items and never throws.</param>
    public WorkerThread(string name, int capacity, int mostAtOnce, Action<IReadOnlyList<TWork>> run)
    {
        _queue = new BlockingCollection<TWork>(capacity);
        _mostAtOnce = mostAtOnce;
        _run = run;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many items wait in the queue.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Queues an item; false when the queue is full or the thread is ending.</summary>
    public bool TryAdd(TWork work)
    {
        try
        {
            return _queue.TryAdd(work);
        }
        catch (InvalidOperationException)
        {
            // CompleteAdding came first: the program is ending.
            return false;
        }
    }

    /// <summary>Does what is queued, then ends the thread.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        var items = new List<TWork>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            items.Add(first);
            while (items.Count < _mostAtOnce && _queue.TryTake(out var more))
                items.Add(more);
            _run(items);
            items.Clear();
        }
    }
}
