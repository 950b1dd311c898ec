using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>
/// Sees all that a run does and compares it with the ledgers as they lie in storage: every line as it lands, every answer as an account gives it, every
/// request as it leaves for xAI.
/// </summary>
internal sealed class Oracle(Scheduler scheduler, Plan plan, Findings findings)
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, LedgerBook> _books = new(StringComparer.Ordinal);
    private readonly Dictionary<RequestId, (string Key, long Ticks)> _bill = [];
    private readonly HashSet<RequestId> _released = [];
    private readonly Dictionary<RequestId, TimeSpan> _placedAt = [];

    private readonly HoldAnswers _holds = new(scheduler, plan, findings);
    private readonly OperatorAnswers _operators = new(findings);

    public Findings Findings => findings;

    /// <summary>True time since <see cref="Scheduler.Start"/>.</summary>
    public TimeSpan Now => scheduler.Now;

    public IReadOnlyDictionary<string, LedgerBook> Books => _books;

    public LedgerBook Book(string key)
    {
        if (!_books.TryGetValue(key, out var book))
            _books.Add(key, book = new LedgerBook(findings));
        return book;
    }

    /// <summary>A line has become durable.</summary>
    public void Landed(string key, byte[] line)
    {
        var entry = Book(key).Add(line);
        findings.Tell(scheduler.Now, $"{key} entry {entry.Seq} {entry.Kind} {entry.RequestId} {entry.Amount.Value}, stamped {entry.At:HH:mm:ss.fff}");
        findings.Saw("entry " + entry.Kind switch
        {
            LedgerEntryKind.HoldReleased when entry.Actor is not null => "HoldReleased, a case waived",
            LedgerEntryKind.HoldSettled when entry.CostSource == CostSource.Operator => "HoldSettled of a case by an operator",
            LedgerEntryKind.HoldSettled when Book(key).Terms.Revoked => "HoldSettled of a revoked key",
            LedgerEntryKind.HoldReleased when entry.Amount.Value == 0 => "HoldReleased before its hold",
            LedgerEntryKind.HoldSettled when entry.Hold is null => "HoldSettled of a case",
            var kind => kind.ToString(),
        });
        if (entry.Kind == LedgerEntryKind.HoldPlaced)
            _placedAt[entry.RequestId!.Value] = scheduler.Now;
        scheduler.Note(BitConverter.ToUInt64(System.Security.Cryptography.SHA256.HashData(line)));
        findings.Require(
            entry.Kind != LedgerEntryKind.HoldPlaced || !_released.Contains(entry.RequestId!.Value), Law.GoesBack, $"{entry.RequestId} was released or is over, and its hold came after it");
    }

    /// <summary>A request leaves for xAI.</summary>
    public void Sent(string key, RequestId id, long granted)
    {
        findings.Tell(scheduler.Now, $"{key} {id} leaves for xAI");
        var record = Book(key).Of(id);
        findings.Require(record is { Placed: > 0 } && record.Granted == granted, Law.HoldBeforeXai, $"{id} is sent, and its hold of {granted} is not in the ledger");
        if (!plan.WildClocks)
            findings.Require(record is { IsOpen: true }, Law.HoldBeforeXai, $"{id} is sent, and its hold has ended ({record?.EndedBy})");
    }

    /// <summary>A front end is done with a request before its deadline, and was not told that there is no hold.</summary>
    public void Over(string key, RequestId id)
    {
        // An account whose clock has jumped may take the id for too old to be held any more, and does not write the release that would keep a hold out that is on its
        // way to the ledger since minutes. Landing while the release is answered is then the same as landing after it, which is not asked with such clocks either.
        var landsNow = plan.ClockJump != 0 && _placedAt.TryGetValue(id, out var placedAt) && scheduler.Now - placedAt < LongestCall;
        findings.Require(landsNow || Book(key).Of(id) is not { IsOpen: true }, Law.GoesBack, $"{id} is over, and its hold is open");
        if (plan.ClockJump == 0)
            _released.Add(id);
    }

    /// <summary>xAI has done something that it bills.</summary>
    public void Billed(string key, RequestId id, long ticks)
    {
        _bill.TryGetValue(id, out var before);
        _bill[id] = (key, before.Ticks + ticks);
    }

    /// <summary>An account answers. Called at the moment of the answer, before the network can lose it.</summary>
    /// <param name="key">Whose account.</param>
    /// <param name="command">What it was asked.</param>
    /// <param name="reply">What it says.</param>
    /// <param name="since">How many lines its ledger had when the command reached it.</param>
    /// <param name="asked">When that was, by the account's own clock; null where it only looked.</param>
    public void Answered(string key, object command, object? reply, long since, DateTimeOffset? asked)
    {
        var book = Book(key);

        // Whatever it was asked: holds past their deadline are ended first, and durably so before the answer.
        foreach (var open in book.Open.Values)
            findings.Require(plan.ClockJump > 0 || open.Placed > since || !(open.Deadline < asked), Law.Deadline, $"{key} answers {command} and leaves a hold open that was due at {open.Deadline:HH:mm:ss}");
        findings.Tell(scheduler.Now, $"{key} answers, seen entries {since} to {book.Seq}: {command} -> {reply}");
        findings.Saw($"answer {command.GetType().Name} {Outcome(reply)}");
        switch (command, reply)
        {
            case (PlaceHold place, PlaceHoldReply told):
                _holds.Check(book, place, told, since);
                break;
            case (Settle settle, SettleReply told):
                Check(book, settle, told);
                break;
            case (Release release, EndHoldOutcome told):
                Check(book, release, told, since);
                break;
            case (ReportUnreconciled report, EndHoldOutcome told):
                var record = book.Of(report.Id);
                Require(told != EndHoldOutcome.Ended || record is { Ended: > 0, EndedBy: LedgerEntryKind.HoldExpired or LedgerEntryKind.Unreconciled }, Law.Durable, report.Id, told);
                Require(told != EndHoldOutcome.UnknownHold || MayBeForgotten(book, record), Law.Truth, report.Id, told);
                break;
            case (Credit credit, OperatorOutcome told):
                _operators.Check(book, "credit:" + credit.CreditId, credit.Amount.Value, told, since);
                break;
            case (Debit debit, OperatorOutcome told):
                _operators.Check(book, "debit:" + debit.DebitId, debit.Amount.Value, told, since);
                break;
            case (ChangeSettings change, OperatorOutcome told):
                _operators.Check(book, change, told, since);
                break;
            case (RotateKey rotate, OperatorOutcome told):
                _operators.Check(book, rotate, told);
                break;
            case (RevokeKey revoke, OperatorOutcome told):
                _operators.Check(book, revoke, told);
                break;
            case (ResolveCase resolve, ResolveCaseReply told):
                _operators.Check(book, resolve, told, since);
                break;
            case (IssueKey, OperatorOutcome told):
                findings.Require(told == OperatorOutcome.Done && book.Seq > 0, Law.Durable, $"issue was told {told}");
                break;
            case (string, AccountView view):
                findings.Require(
                    view.LastSeq <= book.Seq && (book.After(view.LastSeq).Balance, book.After(view.LastSeq).Held) == (view.Balance.Value, view.Held.Value), Law.Truth, $"a view of {view.LastSeq} says {view.Balance}, {view.Held}");
                findings.Require(view.LastSeq < book.Seq || book.Agrees(view), Law.ReadAsWritten, $"{key}: {view}");
                break;
            case (string, null):
                findings.Require(since == 0, Law.Truth, $"a view says that {key} does not exist");
                break;
            case (int, _):
                break;
            default:
                findings.Require(false, Law.Truth, $"{command.GetType().Name} was told {reply}");
                break;
        }
    }

    /// <summary>After the faults have stopped, all deadlines have passed and everything has been read once more.</summary>
    public void Close()
    {
        foreach (var (key, book) in _books)
        {
            findings.Require(book.Open.Count == 0, Law.Deadline, $"{book.Open.Count} holds of {key} are open at the end");
            findings.Require(book.Seq == 0 || book.Held == 0, Law.AddsUp, $"{key} holds {book.Held} at the end");
        }

        // Each request stands on one side of the sum only, so comparing one by one is comparing the sums, and names the request.
        foreach (var (id, (key, billed)) in _bill)
        {
            var record = Book(key).Of(id);
            var accounted = record switch
            {
                { Settled: > 0, Source: CostSource.Provider } => record.Charged + record.Overrun,
                { Settled: > 0 } or { IsCase: true } or { Waived: > 0 } => billed,
                _ => 0,
            };
            findings.Require(accounted == billed, Law.EveryTick, $"{id} cost {billed}, and {accounted} of it is accounted for ({record?.EndedBy})");
        }

        foreach (var (key, book) in _books)
        {
            foreach (var (id, record) in book.Requests)
                findings.Require(record.Settled == 0 || record.Source != CostSource.Provider || _bill.ContainsKey(id), Law.EveryTick, $"{id} of {key} was charged, and xAI billed nothing");
        }
    }

    private void Check(LedgerBook book, Settle settle, SettleReply told)
    {
        var record = book.Of(settle.Id);
        Require(told.Outcome != SettleOutcome.Released || record is { Waived: > 0 }, Law.Truth, settle.Id, told.Outcome);
        Require(told.Outcome != SettleOutcome.UnknownHold || MayBeForgotten(book, record), Law.Truth, settle.Id, told.Outcome);
        if (told.Outcome == SettleOutcome.Settled)
        {
            Require(
                record is { Settled: > 0 } && (record.Cost == settle.Cost.Value || record.Source == CostSource.Operator) && (record.Charged, record.Overrun) == (told.Charged.Value, told.Overrun.Value),
                Law.Durable, settle.Id, told.Charged);
        }
    }

    private void Check(LedgerBook book, Release release, EndHoldOutcome told, long since)
    {
        var record = book.Of(release.Id);
        Require(told != EndHoldOutcome.Ended || record is { IsReleased: true } or { Waived: > 0 }, Law.Durable, release.Id, told);
        Require(told != EndHoldOutcome.UnknownHold || record is null || record.First > since || MayBeForgotten(book, record), Law.Truth, release.Id, told);

        // The id of a clock that runs far ahead is not remembered, as its hold is refused for now; with clocks that jump that far the hold may come yet.
        if (plan.ClockJump == 0 && since > 0)
            _released.Add(release.Id);
    }

    // An answer that says "unknown" is true of a request that ended so long ago, by the ledger's time, that its id is forgotten. Not by what was durable when it was asked:
    // after a pause many commands are decided at once, and the time leaps between two of them.
    private static bool MayBeForgotten(LedgerBook book, HoldRecord? record) =>
        record is { Ended: > 0, IsCase: false } && book.LastAt - record.LastAt >= KeyAccount.MaxIdAge;

    private static object? Outcome(object? reply) => reply switch
    {
        PlaceHoldReply { Limit: { } limit } told => $"{told.Outcome} {limit}",
        PlaceHoldReply told => told.Outcome,
        ResolveCaseReply told => told.Outcome,
        SettleReply told => told.Outcome,
        AccountView => "view",
        _ => reply,
    };

    private void Require<T>(bool condition, string invariant, RequestId id, T told) => findings.Require(condition, invariant, $"{id} was told {told}");
}
