using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>
/// Adds up a ledger by itself, knowing nothing of <see cref="KeyAccount"/>: what it says must follow from the entries alone.
/// Throws at the first entry that does not add up.
/// </summary>
internal sealed class LedgerAudit
{
    private readonly Dictionary<RequestId, UsdTicks> _open = [];
    private readonly HashSet<RequestId> _used = [];
    private readonly HashSet<RequestId> _cases = [];
    private readonly HashSet<string> _creditIds = [];
    private readonly Dictionary<RequestId, UsdTicks> _costs = [];
    private LedgerEntry? _last;

    public UsdTicks Credits { get; private set; }

    public UsdTicks Charges { get; private set; }

    public UsdTicks Overruns { get; private set; }

    public UsdTicks Debits { get; private set; }

    public UsdTicks Balance => Credits - Debits - Charges;

    public UsdTicks Held => _open.Values.Aggregate(UsdTicks.Zero, static (sum, hold) => sum + hold);

    public IReadOnlyDictionary<RequestId, UsdTicks> OpenHolds => _open;

    public int OpenCases => _cases.Count;

    /// <summary>What each settled request cost, charge and overrun together.</summary>
    public IReadOnlyDictionary<RequestId, UsdTicks> Costs => _costs;

    public static LedgerAudit Of(IEnumerable<byte[]> lines)
    {
        var audit = new LedgerAudit();
        var hash = new string('0', 64);
        foreach (var line in lines)
        {
            var entry = LedgerLine.Decode(line);
            audit.Check(entry.Prev == hash, entry, "breaks the chain of hashes");
            hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(line));
            audit.Add(entry);
        }

        return audit;
    }

    public void Add(LedgerEntry entry)
    {
        Check(entry.Seq == (_last?.Seq ?? 0) + 1, entry, "is out of sequence");
        Check(entry.At >= (_last?.At ?? DateTimeOffset.MinValue), entry, "goes back in time");
        Check(entry.Kind == LedgerEntryKind.KeyIssued == _last is null, entry, "is not the first or is");
        Check((_last is { Kind: LedgerEntryKind.HoldSettled } settled && settled.Cost > settled.Amount) == (entry.Kind == LedgerEntryKind.Overrun), entry, "is no overrun or is");
        switch (entry.Kind)
        {
            case LedgerEntryKind.KeyIssued:
                break;
            case LedgerEntryKind.Credited:
                Check(_creditIds.Add(entry.CreditId!), entry, "posts a credit twice");
                Credits += entry.Amount;
                break;
            case LedgerEntryKind.Debited:
                Check(_creditIds.Add(entry.DebitId!), entry, "posts a debit twice");
                Debits += entry.Amount;
                break;
            case LedgerEntryKind.LimitsChanged or LedgerEntryKind.KeyRotated or LedgerEntryKind.KeyRevoked:
                Check(entry.Amount == UsdTicks.Zero && entry.Actor is not null, entry, "moves money or names nobody");
                break;
            case LedgerEntryKind.HoldPlaced:
                Check(_used.Add(entry.RequestId!.Value), entry, "uses an id again");
                _open.Add(entry.RequestId!.Value, entry.Amount);
                break;
            case LedgerEntryKind.HoldSettled:
                AddSettled(entry, entry.RequestId!.Value);
                break;
            case LedgerEntryKind.Overrun:
                Check(entry.RequestId == _last!.RequestId && entry.Amount == _last.Cost - _last.Amount, entry, "is not what the settlement left");
                Overruns += entry.Amount;
                break;
            case LedgerEntryKind.HoldReleased when entry.Actor is not null:
                Check(_cases.Remove(entry.RequestId!.Value) && entry.Amount == UsdTicks.Zero, entry, "waives a case twice");
                break;
            case LedgerEntryKind.HoldReleased:
                var placed = _open.Remove(entry.RequestId!.Value, out var released);
                Check(placed || _used.Add(entry.RequestId.Value), entry, "ends a hold twice");
                Check(entry.Amount == released, entry, "gives back another amount");
                break;
            case LedgerEntryKind.HoldExpired or LedgerEntryKind.Unreconciled:
                Check(_open.Remove(entry.RequestId!.Value, out var lost) && lost == entry.Amount, entry, "ends a hold twice");
                _cases.Add(entry.RequestId.Value);
                break;
            default:
                Check(false, entry, "is unknown");
                break;
        }

        Check(entry.Balance == Balance && entry.Held == Held, entry, "does not add up");
        Check(Held <= Balance && !Held.IsNegative, entry, "holds more than there is");
        _last = entry;
    }

    private void AddSettled(LedgerEntry entry, RequestId id)
    {
        if (entry.Hold is { } hold)
            Check(_open.Remove(id, out var open) && open == hold, entry, "settles a hold twice");
        else
            Check(_cases.Remove(id), entry, "closes a case twice");
        Check(_costs.TryAdd(id, entry.Cost!.Value), entry, "charges an id twice");
        Check(!entry.Amount.IsNegative && entry.Amount <= entry.Cost, entry, "charges more than the cost");
        Charges += entry.Amount;
    }

    private void Check(bool condition, LedgerEntry entry, string otherwise)
    {
        if (!condition)
            throw new InvalidOperationException($"Entry {entry.Seq} ({entry.Kind}, {entry.RequestId}, {entry.Amount}) {otherwise}; audit: balance {Balance}, held {Held}.");
    }
}
