using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Repeats;

/// <summary>
/// Which request used an idempotency key first. Kept for 24 h and bounded in number: where no more can be remembered, no more are accepted, since
/// forgetting one could charge a customer twice.
/// </summary>
internal sealed class FirstRequests(int most = FirstRequests.Most)
{
    /// <summary>How long a key is remembered, from its hold on.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    /// <summary>Keys remembered at once beyond which no more are accepted; about 150 MB.</summary>
    public const int Most = 1_000_000;

    // So many places of forgotten keys in the queue are not worth sweeping.
    private const int FewPlaces = 1024;

    private readonly Dictionary<Fingerprint, (FirstRequest First, Fingerprint Body, DateTimeOffset At)> _byKey = [];

    // With the request that used the key: of a key that was forgotten and used again, the earlier place means nothing. Its first one always does.
    private readonly Queue<(Fingerprint Key, RequestId Id)> _oldestFirst = [];

    public int Count => _byKey.Count;

    /// <summary>The places that the order of the keys takes: at most twice as many as there are keys, and a few.</summary>
    public int Places => _oldestFirst.Count;

    /// <summary>True when one more could not be remembered.</summary>
    public bool IsFull(DateTimeOffset now) => _byKey.Count >= most && _byKey[_oldestFirst.Peek().Key].At + Retention > now;

    public bool TryGet(Fingerprint key, DateTimeOffset now, out FirstRequest first, out Fingerprint body)
    {
        var known = _byKey.TryGetValue(key, out var use) && use.At + Retention > now;
        (first, body) = (use.First, use.Body);
        return known;
    }

    public void Add(Fingerprint key, Fingerprint body, RequestId id, DateTimeOffset now)
    {
        while (_oldestFirst.TryPeek(out var oldest) && _byKey[oldest.Key].At + Retention <= now)
        {
            _byKey.Remove(oldest.Key);
            DropDeadPlaces();
        }

        _byKey[key] = (new FirstRequest { Id = id }, body, now);
        _oldestFirst.Enqueue((key, id));
        DropDeadPlaces();
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
        if (key is not { } known || !_byKey.TryGetValue(known, out var use) || use.First.Id != id)
            return;
        _byKey.Remove(known);
        DropDeadPlaces();
    }

    /// <summary>All of it, oldest first, for a snapshot.</summary>
    public FirstUseState[] Capture() =>
        [.. _oldestFirst.Where(IsAlive).Select(place => (place.Key, Use: _byKey[place.Key])).Select(static use => new FirstUseState(use.Key, use.Use.First, use.Use.Body, use.Use.At))];

    /// <summary>Takes back what was captured.</summary>
    public void Restore(FirstUseState[] state)
    {
        foreach (var (key, first, body, at) in state)
        {
            _byKey.Add(key, (first, body, at));
            _oldestFirst.Enqueue((key, first.Id));
        }
    }

    private bool IsAlive((Fingerprint Key, RequestId Id) place) => _byKey.TryGetValue(place.Key, out var use) && use.First.Id == place.Id;

    private void DropDeadPlaces()
    {
        while (_oldestFirst.TryPeek(out var oldest) && !IsAlive(oldest))
            _oldestFirst.Dequeue();
        if (_oldestFirst.Count <= (2 * _byKey.Count) + FewPlaces)
            return;

        // At least half of them have died since the last sweep, so that each costs little.
        var alive = _oldestFirst.Where(IsAlive).ToArray();
        _oldestFirst.Clear();
        foreach (var place in alive)
            _oldestFirst.Enqueue(place);
    }
}

/// <summary>The use of an idempotency key in a snapshot.</summary>
internal readonly record struct FirstUseState(Fingerprint Key, FirstRequest First, Fingerprint Body, DateTimeOffset At);
