using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Tests.Accounts;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>
/// One history, all of it from a seed: callers on one or two hosts, a store that loses, delays and repeats itself, a clock that jumps. Whatever anyone is
/// told is compared in that moment with what the ledger holds.
/// </summary>
internal sealed class RandomHistory
{
    private const int Steps = 300;
    private const long FirstCredit = 2_000;

    private readonly Random _random;
    private readonly DurableScene _scene = new(FirstCredit);
    private readonly DurableAccount[] _hosts;
    private readonly List<RandomCaller> _callers = [];
    private readonly List<LedgerEntry> _entries = [];
    private readonly LedgerAudit _audit = new();
    private readonly HashSet<string> _creditsTold = [];
    private readonly HashSet<RequestId> _toldSettled = [];
    private readonly bool _oneHost;
    private int _requests;

    public RandomHistory(int seed)
    {
        _random = new Random(seed);
        _oneHost = seed % 3 == 0;
        _hosts = [_scene.Host, _oneHost ? _scene.Host : _scene.NewHost()];
        _scene.Store.HoldsAppends = true;
    }

    public int Answers { get; private set; }

    public int Charges => _audit.Costs.Count;

    public int LostAppends => _scene.Store.Appends.Count(static append => append.Landed != true);

    public void Run()
    {
        for (var step = 0; step < Steps; step++)
        {
            Step();
            Look();
        }

        Heal();
        Verify();
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 15:
                _callers.Add(NewCaller());
                break;
            case < 50:
                if (Any(_callers.Where(static caller => caller.MaySend)) is { } sender)
                    sender.Send(AnyHost());
                break;
            case < 53:
                Any(_callers.Where(static caller => caller.Waiting is not null))?.GiveUpWaiting();
                break;
            case < 54:
                // A front end that dies never learns the outcome.
                if (Any(_callers) is { } gone)
                    _callers.Remove(gone);
                break;
            case < 86:
                Disturb();
                break;
            case < 95:
                _scene.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 300)));
                break;
            case < 97:
                _scene.LetTheAppendTimeOut();
                break;
            case < 98:
                _scene.Advance(TimeSpan.FromSeconds(_random.Next(1, 200)));
                break;
            case < 99:
                _scene.Store.OnNextLoad(_random.Next(2) == 0 ? static () => Task.FromException(new IOException("no disk")) : static () => new TaskCompletionSource().Task);
                break;
            default:
                // A host that has seen another writer goes; sometimes one crashes for no reason.
                if (!_oneHost)
                    _hosts[_random.Next(2)] = _scene.NewHost();
                break;
        }
    }

    private void Disturb()
    {
        // Of all appends ever made, as the late ones are the dangerous ones; mostly one of the last.
        var open = _scene.Store.Appends.Where(static append => !append.IsAnswered || append.Landed is null).ToArray();
        if (open.Length == 0)
            return;
        var append = _random.Next(3) > 0 ? open[^1] : open[_random.Next(open.Length)];
        _scene.Do(_random.Next(10) switch
        {
            < 6 => append.Complete,
            6 => () => append.Land(),
            7 => append.Fail,
            8 => () =>
            {
                append.Land();
                append.Fail();
            }
            ,
            _ => static () => { }
            ,
        });
    }

    private RandomCaller NewCaller()
    {
        var id = RequestIds.Make(_scene.Clock.GetUtcNow(), 10_000 + (++_requests));
        var (amount, cost) = (_random.Next(1, 600), _random.Next(0, 900));
        var lifetime = TimeSpan.FromSeconds(_random.Next(5, 300));
        var credit = $"credit {_requests}";
        Func<DurableAccount, Task> place = host => _scene.Place(id, amount, host, lifetime);
        Func<DurableAccount, Task> settle = host => _scene.Settle(id, cost, host);
        Func<DurableAccount, Task> release = host => _scene.Release(id, host);
        Func<DurableAccount, Task> report = host => _scene.Send(
            host, AccountScene.Losing(id), static (account, command, now, entries) => account.ReportUnreconciled(command, now, entries));
        Func<DurableAccount, Task> read = _scene.Read;
        Func<DurableAccount, Task> pay = host => _scene.Credit(credit, amount, host);
        return _random.Next(10) switch
        {
            < 5 => new RandomCaller([place, settle], answer => Told(id, amount, cost, credit, answer)),
            5 => new RandomCaller([place, release], answer => Told(id, amount, cost, credit, answer)),
            6 => new RandomCaller([place, report, settle], answer => Told(id, amount, cost, credit, answer)),
            7 => new RandomCaller([release], answer => Told(id, amount, cost, credit, answer)),
            8 => new RandomCaller([read, read], answer => Told(id, amount, cost, credit, answer)),
            _ => new RandomCaller([pay], answer => Told(id, amount, cost, credit, answer)),
        };
    }

    // Compares an answer with the ledger as it stands in this moment; true when the caller goes on with its plan.
    private bool Told(RequestId id, long amount, long cost, string credit, object answer)
    {
        Answers++;
        switch (answer)
        {
            case PlaceHoldReply { Outcome: PlaceHoldOutcome.Granted } granted:
                Demand(granted.Granted.Value == amount && _entries.Exists(entry => entry.Kind == LedgerEntryKind.HoldPlaced && entry.RequestId == id), "a grant is durable when it is told");
                return true;
            case PlaceHoldReply refused:
                Demand(refused.Outcome != PlaceHoldOutcome.Unauthenticated, "the key exists");
                return false;
            case SettleReply { Outcome: SettleOutcome.Settled } settled:
                var entry = _entries.Find(entry => entry.Kind == LedgerEntryKind.HoldSettled && entry.RequestId == id);
                Demand(entry is not null && entry.Amount == settled.Charged && entry.Cost!.Value.Value == cost, "a charge is durable when it is told");
                Demand(settled.Charged + settled.Overrun == new UsdTicks(cost), "charge and overrun are the cost");
                _toldSettled.Add(id);
                return true;
            case SettleReply unknown:
                Demand(unknown.Outcome == SettleOutcome.UnknownHold && AgeOf(id) > KeyAccount.MaxIdAge, "only what is long over is forgotten");
                return true;
            case EndHoldOutcome.Ended:
                Demand(_entries.Exists(entry => entry.RequestId == id && entry.Kind is LedgerEntryKind.HoldReleased or LedgerEntryKind.Unreconciled or LedgerEntryKind.HoldExpired), "an end is durable when it is told");
                return true;
            case EndHoldOutcome:
                return true;
            case AccountView view:
                Demand(view.LastSeq <= _entries.Count, "what is read is durable");
                Demand(view.Balance == _entries[(int)view.LastSeq - 1].Balance && view.Held == _entries[(int)view.LastSeq - 1].Held, "what is read is what the ledger said then");
                return true;
            case OperatorOutcome.Done:
                Demand(_entries.Exists(entry => entry.CreditId == "credit:" + credit), "a credit is durable when it is told");
                _creditsTold.Add(credit);
                return true;
            default:
                throw new InvalidOperationException($"{answer} was not to be expected.");
        }
    }

    private TimeSpan AgeOf(RequestId id) => _scene.Clock.GetUtcNow() - id.MadeAt;

    private void Look()
    {
        while (_entries.Count < _scene.Lines.Count)
        {
            _entries.Add(LedgerLine.Decode(_scene.Lines[_entries.Count]));
            _audit.Add(_entries[^1]);
        }

        foreach (var caller in _callers)
            caller.Look();
    }

    // The store is well again, callers repeat until they are told. What is still under way may land at any time, before or after.
    private void Heal()
    {
        _scene.Store.Heal();
        for (var round = 0; _callers.Exists(static caller => !caller.IsDone); round++)
        {
            // Longer than anything may hang.
            Demand(round < 60, "callers are told in the end");
            foreach (var append in _scene.Store.Appends.Where(append => !append.IsAnswered && _random.Next(3) == 0).ToArray())
                _scene.Do(append.Complete);
            _scene.Advance(TimeSpan.FromSeconds(1));
            Look();
            foreach (var caller in _callers.Where(static caller => caller.MaySend))
            {
                caller.Send(AnyHost());
                Look();
            }
        }

        foreach (var append in _scene.Store.Appends)
            _scene.Do(append.Complete);
        Look();
    }

    private void Verify()
    {
        var audit = _scene.Audit;
        Demand(audit.Balance == audit.Credits - audit.Charges, "the balance is credits less charges");
        Demand(_creditsTold.All(credit => _entries.Exists(entry => entry.CreditId == "credit:" + credit)), "no credit that was told is missing");
        Demand(_toldSettled.All(audit.Costs.ContainsKey), "no charge that was told is missing");
        Demand(!_oneHost || !_scene.Host.SawAnotherWriter, "one host alone never sees another writer");

        // Both hosts, and one that has just been born, end up with the same account.
        foreach (var host in new[] { _hosts[0], _hosts[1], _scene.NewHost() })
        {
            var view = _scene.Read(host);
            for (var tries = 0; !view.IsCompletedSuccessfully && tries < 3; tries++)
            {
                // A load may hang since long before, with nobody left who waited for it.
                _scene.Advance(_scene.Options.LoadTimeout);
                view = _scene.Read(host);
            }

            // It may have expired a hold.
            Look();
            Demand(DurableScene.Told(view)!.Balance == _entries[(int)DurableScene.Told(view)!.LastSeq - 1].Balance, "every host reads what the ledger says");
        }
    }

    private DurableAccount AnyHost() => _hosts[_random.Next(2)];

    private T? Any<T>(IEnumerable<T> of)
        where T : class
    {
        var all = of.ToArray();
        return all.Length == 0 ? null : all[_random.Next(all.Length)];
    }

    private static void Demand(bool condition, string rule)
    {
        if (!condition)
            throw new InvalidOperationException($"Broken: {rule}.");
    }
}
