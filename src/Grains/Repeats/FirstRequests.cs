using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Repeats;

/// <summary>
/// Which request used an idempotency key first. Kept for 24 h and bounded in number: where no more can be remembered, no more are accepted, since
/// forgetting one could charge a customer twice.
/// </summary>
internal sealed class FirstRequests
{
    /// <summary>How long a key is remembered, from its hold on.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    /// <summary>Uses of keys in 24 h beyond which no more are accepted; about 150 MB.</summary>
    public const int Most = 1_000_000;

    private readonly Dictionary<Fingerprint, (FirstRequest First, Fingerprint Body, DateTimeOffset At)> _byKey = [];
    private readonly Queue<(Fingerprint Key, DateTimeOffset At)> _oldestFirst = [];

    public int Count => _byKey.Count;

    /// <summary>True when one more could not be remembered.</summary>
    public bool IsFull(DateTimeOffset now) => _oldestFirst.Count >= Most && _oldestFirst.Peek().At + Retention > now;

    public bool TryGet(Fingerprint key, DateTimeOffset now, out FirstRequest first, out Fingerprint body)
    {
        var known = _byKey.TryGetValue(key, out var use) && use.At + Retention > now;
        (first, body) = (use.First, use.Body);
        return known;
    }

    public void Add(Fingerprint key, Fingerprint body, RequestId id, DateTimeOffset now)
    {
        while (_oldestFirst.TryPeek(out var oldest) && oldest.At + Retention <= now)
        {
            _oldestFirst.Dequeue();
            // A key that was used again since is remembered from then on.
            if (_byKey.TryGetValue(oldest.Key, out var use) && use.At <= oldest.At)
                _byKey.Remove(oldest.Key);
        }

        _byKey[key] = (new FirstRequest { Id = id }, body, now);
        _oldestFirst.Enqueue((key, now));
    }

    /// <summary>Remembers how a key's request ended.</summary>
    public void End(Fingerprint? key, RequestId id, int? statusCode, UsdTicks charged)
    {
        if (key is { } known && _byKey.TryGetValue(known, out var use) && use.First.Id == id)
            _byKey[known] = use with { First = new FirstRequest { Id = id, StatusCode = statusCode ?? use.First.StatusCode, Charged = charged, HasEnded = true } };
    }

    /// <summary>Forgets a key whose request cost nothing: its repeat is no second charge.</summary>
    public void Forget(Fingerprint? key, RequestId id)
    {
        if (key is { } known && _byKey.TryGetValue(known, out var use) && use.First.Id == id)
            _byKey.Remove(known);
    }

    /// <summary>All of it, for a snapshot.</summary>
    public FirstRequestsState Capture() => new()
    {
        Uses = [.. _byKey.Select(static use => new FirstUseState(use.Key, use.Value.First, use.Value.Body, use.Value.At))],
        OldestFirst = [.. _oldestFirst.Select(static use => new UseTimeState(use.Key, use.At))],
    };

    /// <summary>Takes back what was captured.</summary>
    public void Restore(FirstRequestsState state)
    {
        foreach (var (key, first, body, at) in state.Uses)
            _byKey.Add(key, (first, body, at));
        foreach (var (key, at) in state.OldestFirst)
            _oldestFirst.Enqueue((key, at));
    }
}

/// <summary><see cref="FirstRequests"/> in a snapshot.</summary>
internal sealed record FirstRequestsState
{
    public required FirstUseState[] Uses { get; init; }

    public required UseTimeState[] OldestFirst { get; init; }
}

/// <summary>The use of an idempotency key in a snapshot.</summary>
internal readonly record struct FirstUseState(Fingerprint Key, FirstRequest First, Fingerprint Body, DateTimeOffset At);

/// <summary>When an idempotency key was used, in a snapshot.</summary>
internal readonly record struct UseTimeState(Fingerprint Key, DateTimeOffset At);
