using System.Collections.Concurrent;
using System.Diagnostics;

namespace LlmTr.Cluster.Tests.Load;

/// <summary>All that the clients did and were told, by one clock.</summary>
internal sealed class CallLog
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<Call> _calls = [];
    private readonly ConcurrentQueue<(CustomerKey Key, string CreditId)> _credits = [];
    private readonly ConcurrentDictionary<string, (CustomerKey Key, string Nonce, string Status)> _jobs = [];

    private readonly ConcurrentDictionary<object, TimeSpan> _open = [];

    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    public IReadOnlyCollection<Call> Calls => _calls;

    /// <summary>Credits that were acknowledged.</summary>
    public IReadOnlyCollection<(CustomerKey Key, string CreditId)> Credits => _credits;

    /// <summary>Video jobs that were acknowledged, by their ids, and how they were last seen.</summary>
    public IReadOnlyDictionary<string, (CustomerKey Key, string Nonce, string Status)> Jobs => _jobs;

    /// <summary>A call begins; to be given back to <see cref="Add"/>.</summary>
    public object Begin()
    {
        var open = new object();
        _open[open] = Now;
        return open;
    }

    /// <summary>A call has ended.</summary>
    public void Add(object open, Call call)
    {
        _calls.Enqueue(call);
        _open.TryRemove(open, out _);
    }

    /// <summary>Completes when all calls have ended that began until a moment.</summary>
    /// <exception cref="TimeoutException">One goes on after two minutes, which no client's patience allows.</exception>
    public async Task WaitForCallsUntilAsync(TimeSpan moment)
    {
        for (var until = Now + TimeSpan.FromMinutes(2); _open.Values.Any(began => began <= moment);)
        {
            if (Now > until)
                throw new TimeoutException($"Calls from before {moment} have not ended.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    public void AddCredit(CustomerKey key, string creditId) => _credits.Enqueue((key, creditId));

    public void AddJob(CustomerKey key, string nonce, string id, string status) => _jobs[id] = (key, nonce, status);
}
