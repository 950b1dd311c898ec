using System.Collections.Concurrent;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>Where a line begins, or the next one will.</summary>
/// <param name="Seq">Its sequence number.</param>
/// <param name="Segment">Its blob.</param>
/// <param name="Offset">The bytes before it.</param>
internal sealed record LedgerPlace(long Seq, long Segment, long Offset);

/// <summary>
/// Places that this process has come by, so that most reads need no search. Blobs only grow, so a place stays true; all the same nobody believes one: what is read there says its own
/// sequence number. Forgetting costs a search and nothing else.
/// </summary>
internal sealed class LedgerPlaces
{
    // About 20 MB. Rather all than the oldest: it happens to a node that has had a hundred thousand accounts, and each finds its place again by one search.
    private const int MostAccounts = 100_000;

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Where the line with this number begins, or will; null where that is not known.</summary>
    public LedgerPlace? Of(string account, long seq)
    {
        if (!_known.TryGetValue(account, out var known))
            return null;
        return known.End?.Seq == seq ? known.End : known.NextPage?.Seq == seq ? known.NextPage : null;
    }

    /// <summary>A place at or before a line that was appended lately; null where none is known.</summary>
    public LedgerPlace? AtOrBefore(string account, long seq) =>
        _known.GetValueOrDefault(account)?.LastBlock is { } block && block.Seq <= seq ? block : null;

    /// <summary>Where the ledger ends.</summary>
    public void RememberEnd(string account, LedgerPlace end) => Update(account, known => known with { End = Later(known.End, end) });

    /// <summary>Where a block of this process's begins, and where the ledger ends behind it.</summary>
    public void RememberAppend(string account, LedgerPlace block, LedgerPlace end) =>
        Update(account, known => known with { LastBlock = block, End = Later(known.End, end) });

    /// <summary>Where the page behind the last one that was read begins.</summary>
    public void RememberPage(string account, LedgerPlace next) => Update(account, known => known with { NextPage = next });

    public void Forget(string account) => _known.TryRemove(account, out _);

    private void Update(string account, Func<Known, Known> change)
    {
        if (_known.Count >= MostAccounts)
            _known.Clear();
        _known.AddOrUpdate(account, static (_, change) => change(new Known()), static (_, known, change) => change(known), change);
    }

    private static LedgerPlace Later(LedgerPlace? known, LedgerPlace end) => known is null || known.Seq <= end.Seq ? end : known;

    private sealed record Known(LedgerPlace? End = null, LedgerPlace? LastBlock = null, LedgerPlace? NextPage = null);
}
