using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Repeats;

/// <summary>How a hold ended, kept so that a repeated command gets the same answer.</summary>
/// <param name="Kind">The entry that ended it.</param>
/// <param name="Charged">What the key paid.</param>
/// <param name="Overrun">What it could not.</param>
public readonly record struct EndedHold(LedgerEntryKind Kind, UsdTicks Charged, UsdTicks Overrun);

/// <summary>
/// The ids of ended holds, in memory bounded by time: an id is forgotten when its <see cref="PlaceHold"/> would be refused for its age anyway. Kept by the minute
/// in which they may be forgotten, so that forgetting drops a whole minute and touches no id; at 30,000 ends a second that is seven
/// minutes of 1,800,000 ids.
/// </summary>
internal sealed class EndedHolds
{
    /// <summary>A little longer than the greatest age of a hold's id, so that a late repeat meets either the memory or the age check.</summary>
    internal static readonly TimeSpan Retention = KeyAccount.MaxIdAge + TimeSpan.FromMinutes(1);

    // By the minute at whose end they are forgotten, earliest first.
    private readonly SortedList<long, EndedMinute> _minutes = [];

    /// <summary>How many ids are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of memory that the ids take.</summary>
    public long Bytes => _minutes.Values.Sum(static minute => minute.Bytes);

    public bool TryGet(RequestId id, out EndedHold ended)
    {
        // Latest first: of an id that was added again, the later end counts.
        for (var i = _minutes.Count - 1; i >= 0; i--)
        {
            if (_minutes.Values[i].TryGet(id, out ended))
                return true;
        }

        ended = default;
        return false;
    }

    public void Add(RequestId id, EndedHold ended, DateTimeOffset now)
    {
        Forget(now);

        // An id from a clock that runs ahead is refused for its age later than one made now.
        var from = id.MadeAt > now ? id.MadeAt : now;
        var minute = (from + Retention).UtcTicks / TimeSpan.TicksPerMinute;
        if (!_minutes.TryGetValue(minute, out var ids))
            _minutes.Add(minute, ids = new EndedMinute(expected: _minutes.Count > 0 ? _minutes.Values[^1].Count : 0));
        ids.Add(id, ended);
        Count++;
    }

    /// <summary>All that is remembered, as it stands now and stays: what was written once is never changed, so hardly anything is copied.</summary>
    public EndedMinuteState[] Capture() => [.. _minutes.Select(static minute => minute.Value.Capture(minute.Key))];

    /// <summary>Takes in what <see cref="Capture"/> gave; only where nothing is remembered yet.</summary>
    /// <exception cref="FormatException">It is not what <see cref="Capture"/> gives.</exception>
    public void Restore(IReadOnlyList<EndedMinuteState> minutes)
    {
        foreach (var state in minutes)
        {
            var ids = new EndedMinute(state);
            if (!_minutes.TryAdd(state.Minute, ids))
                throw new FormatException("A minute of ended holds is there twice.");
            Count += ids.Count;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        var minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        while (_minutes.Count > 0 && _minutes.Keys[0] < minute)
        {
            Count -= _minutes.Values[0].Count;
            _minutes.RemoveAt(0);
        }
    }
}
