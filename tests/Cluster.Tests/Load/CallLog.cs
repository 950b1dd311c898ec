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

    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    public IReadOnlyCollection<Call> Calls => _calls;

    /// <summary>Credits that were acknowledged.</summary>
    public IReadOnlyCollection<(CustomerKey Key, string CreditId)> Credits => _credits;

    /// <summary>Video jobs that were acknowledged, by their ids, and how they were last seen.</summary>
    public IReadOnlyDictionary<string, (CustomerKey Key, string Nonce, string Status)> Jobs => _jobs;

    public void Add(Call call) => _calls.Enqueue(call);

    public void AddCredit(CustomerKey key, string creditId) => _credits.Enqueue((key, creditId));

    public void AddJob(CustomerKey key, string nonce, string id, string status) => _jobs[id] = (key, nonce, status);
}
