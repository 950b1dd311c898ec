using System.Security.Cryptography;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;

namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>
/// Adds up one ledger, line by line as lines land, with plain numbers and an unbounded memory, and knows nothing of how <see cref="KeyAccount"/> does it.
/// </summary>
internal sealed partial class LedgerBook(Findings findings)
{
    private readonly Dictionary<RequestId, HoldRecord> _requests = [];
    private readonly Dictionary<RequestId, HoldRecord> _open = [];
    private readonly Dictionary<string, long> _posted = new(StringComparer.Ordinal);
    private readonly List<BookState> _states = [new(0, 0, 0, default, KeyTerms.None)];
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private string _hash = new('0', 64);
    private DateTimeOffset _lastAt;
    private (RequestId Id, long Amount)? _owedOverrun;

    /// <summary>The number of lines.</summary>
    public long Seq => _states.Count - 1;

    public long Balance { get; private set; }

    public long Held { get; private set; }

    public long Charged { get; private set; }

    public long Debited { get; private set; }

    /// <summary>What the key may do now.</summary>
    public KeyTerms Terms => _states[^1].Terms;

    public long Overruns { get; private set; }

    public long Settlements { get; private set; }

    public DateTimeOffset LastAt => _lastAt;

    public IReadOnlyDictionary<RequestId, HoldRecord> Requests => _requests;

    public IReadOnlyDictionary<RequestId, HoldRecord> Open => _open;

    public int Cases => _requests.Values.Count(static record => record.IsCase);

    /// <summary>The account after a line; empty before the first.</summary>
    public BookState After(long seq) => _states[(int)seq];

    /// <summary>Whether something was so after some line from one on.</summary>
    public bool Sometime(long since, Func<BookState, bool> so)
    {
        for (var seq = since; seq <= Seq; seq++)
        {
            if (so(After(seq)))
                return true;
        }

        return false;
    }

    /// <summary>Whether a secret is or was the key's.</summary>
    public bool HadSecret(string secret) => _secrets.Contains(secret);

    /// <summary>What was posted under the id of a credit or a debit.</summary>
    public long? Posted(string id) => _posted.TryGetValue(id, out var amount) ? amount : null;

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
        _states.Add(new BookState(Balance, Held, _open.Count, entry.At, Terms.After(entry)));
        return entry;
    }

    private void Take(LedgerEntry entry)
    {
        switch (entry.Kind)
        {
            case LedgerEntryKind.KeyIssued:
                _secrets.Add(entry.SecretSha256!);
                break;
            case LedgerEntryKind.Credited:
                Require(_posted.TryAdd(entry.CreditId!, entry.Amount.Value), Law.RepeatChangesNothing, entry);
                Balance += entry.Amount.Value;
                break;
            case LedgerEntryKind.Debited:
                Require(_posted.TryAdd(entry.DebitId!, entry.Amount.Value), Law.RepeatChangesNothing, entry);
                Require(entry.Amount.Value <= Balance - Held, Law.DebitLeavesHolds, entry);
                Balance -= entry.Amount.Value;
                Debited += entry.Amount.Value;
                break;
            case LedgerEntryKind.LimitsChanged or LedgerEntryKind.KeyRotated or LedgerEntryKind.KeyRevoked:
                Require(entry.Amount.Value == 0 && !Terms.Revoked, Law.RepeatChangesNothing, entry);
                Require(entry.Kind != LedgerEntryKind.KeyRotated || _secrets.Add(entry.SecretSha256!), Law.RepeatChangesNothing, entry);
                break;
            case LedgerEntryKind.HoldPlaced:
                RequireAllowed(entry);
                Require(!_requests.ContainsKey(entry.RequestId!.Value), Law.RepeatChangesNothing, entry);
                var placed = Record(entry);
                (placed.Placed, placed.Granted, placed.Deadline) = (entry.Seq, entry.Amount.Value, entry.Deadline!.Value);
                (placed.PlacedAt, placed.Tokens) = (entry.At, entry.ReservedTokens ?? 0);
                (placed.Fingerprint, placed.Body) = (entry.IdempotencyFingerprint, entry.BodyFingerprint);
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
            if (entry is { InputTokens: { } input, OutputTokens: { } output })
                record.Tokens = input + output;
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
        if (entry.Actor is not null)
        {
            var waived = Record(entry);
            Require(waived.IsCase && entry.Kind == LedgerEntryKind.HoldReleased && entry.Amount.Value == 0, Law.EndsOnce, entry);
            waived.Waived = entry.Seq;
            return;
        }

        var known = _requests.TryGetValue(entry.RequestId!.Value, out var before);
        if (known)
        {
            Require(before!.IsOpen && entry.Amount.Value == before.Granted, Law.EndsOnce, entry);
            Require(entry.Kind != LedgerEntryKind.HoldExpired || entry.At > before.Deadline, Law.Deadline, entry);
            _open.Remove(entry.RequestId.Value);
            Held -= before.Granted;
            if (entry.Kind == LedgerEntryKind.HoldReleased)
                before.Tokens = 0;
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

/// <summary>An account after one of its lines.</summary>
internal readonly record struct BookState(long Balance, long Held, int OpenHolds, DateTimeOffset At, KeyTerms Terms)
{
    public long Available => Balance - Held;
}
