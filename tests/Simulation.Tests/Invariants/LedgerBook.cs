using System.Security.Cryptography;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;

namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>
/// Adds up one ledger, line by line as lines land, with plain numbers and an unbounded memory, and knows nothing of how <see cref="KeyAccount"/> does it.
/// </summary>
internal sealed class LedgerBook(Findings findings)
{
    private readonly Dictionary<RequestId, HoldRecord> _requests = [];
    private readonly Dictionary<RequestId, HoldRecord> _open = [];
    private readonly Dictionary<string, long> _credits = new(StringComparer.Ordinal);
    private readonly List<(long Balance, long Held)> _states = [(0, 0)];
    private string _hash = new('0', 64);
    private DateTimeOffset _lastAt;
    private (RequestId Id, long Amount)? _owedOverrun;

    /// <summary>The number of lines.</summary>
    public long Seq => _states.Count - 1;

    public long Balance { get; private set; }

    public long Held { get; private set; }

    public long Charged { get; private set; }

    public long Overruns { get; private set; }

    public long Settlements { get; private set; }

    public DateTimeOffset LastAt => _lastAt;

    public IReadOnlyDictionary<RequestId, HoldRecord> Requests => _requests;

    public IReadOnlyDictionary<RequestId, HoldRecord> Open => _open;

    public int Cases => _requests.Values.Count(static record => record.IsCase);

    /// <summary>Balance and held after a line; (0, 0) before the first.</summary>
    public (long Balance, long Held) After(long seq) => _states[(int)seq];

    public long? CreditOf(string creditId) => _credits.TryGetValue(creditId, out var amount) ? amount : null;

    public HoldRecord? Of(RequestId id) => _requests.GetValueOrDefault(id);

    public LedgerEntry Add(byte[] line)
    {
        var entry = LedgerLine.Decode(line);
        Require(entry.Prev == _hash && entry.Seq == Seq + 1 && entry.At >= _lastAt, Law.Chain, entry);
        Require(Seq == 0 == (entry.Kind == LedgerEntryKind.KeyIssued), Law.Chain, entry);
        _hash = Convert.ToHexStringLower(SHA256.HashData(line));
        _lastAt = entry.At;

        // What is past its deadline goes first: no other entry may see such a hold open.
        if (entry.Kind != LedgerEntryKind.HoldExpired)
        {
            foreach (var open in _open.Values)
                Require(open.Deadline >= entry.At, Law.Deadline, entry);
        }

        Require(_owedOverrun is null || entry.Kind == LedgerEntryKind.Overrun, Law.HoldFirst, entry);
        Take(entry);
        Require(entry.Balance.Value == Balance && entry.Held.Value == Held, Law.AddsUp, entry);
        Require(Held >= 0 && Held <= Balance, Law.NeverBelowZero, entry);
        _states.Add((Balance, Held));
        return entry;
    }

    private void Take(LedgerEntry entry)
    {
        switch (entry.Kind)
        {
            case LedgerEntryKind.KeyIssued:
                break;
            case LedgerEntryKind.Credited:
                Require(_credits.TryAdd(entry.CreditId!, entry.Amount.Value), Law.RepeatChangesNothing, entry);
                Balance += entry.Amount.Value;
                break;
            case LedgerEntryKind.HoldPlaced:
                Require(!_requests.ContainsKey(entry.RequestId!.Value), Law.RepeatChangesNothing, entry);
                var placed = Record(entry);
                (placed.Placed, placed.Granted, placed.Deadline) = (entry.Seq, entry.Amount.Value, entry.Deadline!.Value);
                _open[entry.RequestId!.Value] = placed;
                Held += entry.Amount.Value;
                break;
            case LedgerEntryKind.HoldSettled:
                TakeSettled(entry);
                break;
            case LedgerEntryKind.Overrun:
                Require(_owedOverrun == (entry.RequestId!.Value, entry.Amount.Value), Law.HoldFirst, entry);
                Overruns += entry.Amount.Value;
                _owedOverrun = null;
                break;
            default:
                TakeEnd(entry);
                break;
        }
    }

    private void TakeSettled(LedgerEntry entry)
    {
        var record = Record(entry);
        var hold = 0L;
        if (record.IsOpen)
        {
            hold = record.Granted;
            (record.Ended, record.EndedBy) = (entry.Seq, entry.Kind);
            _open.Remove(entry.RequestId!.Value);
            Require(entry.Hold?.Value == hold, Law.EndsOnce, entry);
        }
        else
        {
            Require(record.IsCase && entry.Hold is null, Law.EndsOnce, entry);
        }

        Held -= hold;
        var (cost, charge) = (entry.Cost!.Value.Value, entry.Amount.Value);
        Require(charge == Math.Min(cost, hold + (Balance - Held - hold)), Law.HoldFirst, entry);
        (record.Settled, record.Charged, record.Cost, record.Source) = (entry.Seq, charge, cost, entry.CostSource!.Value);
        _owedOverrun = cost > charge ? (entry.RequestId!.Value, cost - charge) : null;
        Balance -= charge;
        Charged += charge;
        Settlements++;
    }

    private void TakeEnd(LedgerEntry entry)
    {
        var known = _requests.TryGetValue(entry.RequestId!.Value, out var before);
        if (known)
        {
            Require(before!.IsOpen && entry.Amount.Value == before.Granted, Law.EndsOnce, entry);
            Require(entry.Kind != LedgerEntryKind.HoldExpired || entry.At > before.Deadline, Law.Deadline, entry);
            _open.Remove(entry.RequestId.Value);
            Held -= before.Granted;
        }
        else
        {
            Require(entry.Kind == LedgerEntryKind.HoldReleased && entry.Amount.Value == 0, Law.EndsOnce, entry);
        }

        var record = Record(entry);
        (record.Ended, record.EndedBy) = (entry.Seq, entry.Kind);
    }

    private HoldRecord Record(LedgerEntry entry)
    {
        var id = entry.RequestId!.Value;
        if (!_requests.TryGetValue(id, out var record))
            _requests.Add(id, record = new HoldRecord());
        record.LastAt = entry.At;
        return record;
    }

    private void Require(bool condition, string invariant, LedgerEntry entry) =>
        findings.Require(condition, invariant, $"entry {entry.Seq}, {entry.Kind} of {entry.Amount.Value} for {entry.RequestId}");
}
