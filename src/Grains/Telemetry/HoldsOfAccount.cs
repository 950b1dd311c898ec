using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Grains.Telemetry;

/// <summary>
/// The open holds of one account in three numbers, kept while its entries are applied, so that a scrape reads them without asking the account.
/// Written by the account's host only; read by anyone.
/// </summary>
public sealed class HoldsOfAccount
{
    private const long None = long.MaxValue;

    // Below this, looking through all holds is not worth avoiding.
    private const int FewHolds = 64;

    // In the order in which they were placed; one that has ended is taken out when it comes to the front.
    private readonly Queue<(RequestId Id, long PlacedAt)> _placed = new();

    private long _open;
    private long _oldest = None;
    private long _deadline = None;

    /// <summary>How many are open.</summary>
    public long Open => Volatile.Read(ref _open);

    /// <summary>When the oldest was placed, Unix milliseconds; <see cref="long.MaxValue"/> without one.</summary>
    public long OldestPlacedAt => Volatile.Read(ref _oldest);

    /// <summary>The earliest deadline, Unix milliseconds; <see cref="long.MaxValue"/> without one.</summary>
    public long EarliestDeadline => Volatile.Read(ref _deadline);

    /// <summary>Begins with an account that was read from its ledger.</summary>
    public void Begin(KeyAccount account)
    {
        Refill(account);
        Tell(account);
    }

    /// <summary>Goes on with an entry that the account has taken in.</summary>
    public void Take(LedgerEntry entry, KeyAccount account)
    {
        if (entry is { Kind: LedgerEntryKind.HoldPlaced, RequestId: { } id })
            _placed.Enqueue((id, entry.At.ToUnixTimeMilliseconds()));
        Tell(account);
    }

    private void Tell(KeyAccount account)
    {
        while (_placed.TryPeek(out var first) && !account.IsOpen(first.Id))
            _placed.Dequeue();

        // Behind a hold that stays for a day, all that ended since would stay too.
        if (_placed.Count > FewHolds + (2 * account.OpenHoldCount))
            Refill(account);
        Volatile.Write(ref _open, account.OpenHoldCount);
        Volatile.Write(ref _oldest, _placed.TryPeek(out var oldest) ? oldest.PlacedAt : None);
        Volatile.Write(ref _deadline, account.NextDeadline?.ToUnixTimeMilliseconds() ?? None);
    }

    private void Refill(KeyAccount account)
    {
        _placed.Clear();
        foreach (var hold in account.Holds(after: null, int.MaxValue)?.Holds.OrderBy(static hold => hold.PlacedAt) ?? Enumerable.Empty<HoldView>())
            _placed.Enqueue((hold.Id, hold.PlacedAt.ToUnixTimeMilliseconds()));
    }
}
