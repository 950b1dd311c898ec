using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Accounts;

/// <summary>How a hold ended, kept so that a repeated command gets the same answer.</summary>
/// <param name="Kind">The entry that ended it.</param>
/// <param name="Charged">What the key paid.</param>
/// <param name="Overrun">What it could not.</param>
public readonly record struct EndedHold(LedgerEntryKind Kind, UsdTicks Charged, UsdTicks Overrun);

/// <summary>
/// The ids of ended holds, in memory bounded by time: an id is forgotten when its <see cref="PlaceHold"/> would be refused for its age anyway.
/// </summary>
internal sealed class EndedHolds
{
    /// <summary>A little longer than the greatest age of a hold's id, so that a late repeat meets either the memory or the age check.</summary>
    internal static readonly TimeSpan Retention = KeyAccount.MaxIdAge + TimeSpan.FromMinutes(1);

    private readonly Dictionary<RequestId, (EndedHold Ended, DateTimeOffset ForgetAt)> _byId = [];
    private readonly Queue<(RequestId Id, DateTimeOffset ForgetAt)> _oldestFirst = [];

    public int Count => _byId.Count;

    public bool TryGet(RequestId id, out EndedHold ended)
    {
        var known = _byId.TryGetValue(id, out var remembered);
        ended = remembered.Ended;
        return known;
    }

    public void Add(RequestId id, EndedHold ended, DateTimeOffset now)
    {
        Forget(now);
        // An id from a clock that runs ahead is refused for its age later than one made now.
        var from = id.MadeAt > now ? id.MadeAt : now;
        _byId[id] = (ended, from + Retention);
        _oldestFirst.Enqueue((id, from + Retention));
    }

    private void Forget(DateTimeOffset now)
    {
        while (_oldestFirst.TryPeek(out var oldest) && oldest.ForgetAt < now)
        {
            _oldestFirst.Dequeue();
            // An id that was added again since is remembered from then on.
            if (_byId.TryGetValue(oldest.Id, out var remembered) && remembered.ForgetAt <= oldest.ForgetAt)
                _byId.Remove(oldest.Id);
        }
    }
}
