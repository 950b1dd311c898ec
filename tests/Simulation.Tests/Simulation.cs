using LlmTr.Grains.Abstractions;
using LlmTr.Simulation.Tests.Cluster;
using LlmTr.Simulation.Tests.FrontEnds;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;
using LlmTr.Simulation.Tests.Storage;

namespace LlmTr.Simulation.Tests;

/// <summary>One run: a few keys, some dozen requests and everything that can go wrong with them, decided by a seed.</summary>
internal sealed class Simulation
{
    // Far past every deadline, whatever the clocks say.
    private static readonly TimeSpan PastEverything = TimeSpan.FromHours(12);

    // A run that goes on beyond this repeats something for ever.
    private const long MostTurns = 2_000_000;

    private readonly Dice _dice;
    private readonly Plan _plan;
    private readonly Scheduler _scheduler;
    private readonly Findings _findings;
    private readonly Oracle _oracle;
    private readonly ISimulatedStorage _storage;
    private readonly SimulatedCluster _cluster;
    private readonly SimulatedXai _xai;
    private readonly Faults _faults;
    private readonly Operators _operators;
    private readonly List<FrontEnd> _frontEnds = [];
    private readonly List<FrontEnd> _everStarted = [];
    private readonly List<string> _keys = [];
    private bool _settingUp = true;

    private Simulation(ulong seed, bool keepsStory)
    {
        _findings = new Findings(keepsStory);
        _dice = new Dice(seed);
        _plan = new Plan(_dice) { IsCalm = true };
        _scheduler = new Scheduler(_dice);
        _oracle = new Oracle(_scheduler, _plan, _findings);
        _storage = _plan.OnBlobs
            ? new BlobLedgers(_scheduler, _dice, _plan, _findings, _oracle.Landed)
            : new SimulatedLedgers(_scheduler, _dice, _plan, _findings, _oracle.Landed);
        _cluster = new SimulatedCluster(_scheduler, _dice, _plan, _storage, _oracle);
        _xai = new SimulatedXai(_scheduler, _dice, _oracle);
        _faults = new Faults(_scheduler, _dice, _plan, _cluster, _storage, _frontEnds, _keys, _findings);
        _operators = new Operators(_dice, _plan, _oracle, AnyFrontEnd);
    }

    /// <summary>Runs a seed. The synchronization context of the thread is another one meanwhile.</summary>
    public static RunResult Run(ulong seed, bool keepsStory = false)
    {
        var outer = SynchronizationContext.Current;
        try
        {
            return new Simulation(seed, keepsStory).Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private RunResult Run()
    {
        for (var i = 0; i < _plan.Silos; i++)
            _cluster.StartSilo();
        for (var i = 0; i < _plan.FrontEnds; i++)
            StartFrontEnd();
        for (var i = 0; i < _plan.Keys; i++)
            _keys.Add($"key{i}");

        // Keys are issued in peace, so that a run has something to lose.
        foreach (var key in _keys)
            _operators.Issue(key);
        RunUntilIdle();
        _settingUp = false;

        _plan.IsCalm = false;
        for (var i = 0; i < _plan.Requests; i++)
            _scheduler.After(_dice.UpTo(_plan.Lasts), StartRequest);
        for (var i = _dice.Below(6); i > 0; i--)
            _scheduler.After(_dice.UpTo(_plan.Lasts), () => _operators.Credit(_dice.Pick(_keys)));
        for (var i = _plan.OperatorActs; i > 0; i--)
            _scheduler.After(_dice.UpTo(_plan.Lasts), () => _operators.Act(_dice.Pick(_keys)));
        for (var i = _dice.Below(10); i > 0; i--)
            _scheduler.After(_dice.UpTo(_plan.Lasts), () => _operators.Read(_dice.Pick(_keys)));
        _faults.Begin();
        _scheduler.After(_plan.Lasts, () => _plan.IsCalm = true);
        RunUntilIdle();

        // Deadlines pass; whoever reads then makes the account see them.
        _scheduler.After(PastEverything, static () => { });
        RunUntilIdle();
        foreach (var key in _keys)
            _operators.Ask(key, 0, static (_, _, _, _) => OperatorOutcome.Done);
        RunUntilIdle();

        // Most cases are there only now that the deadlines have passed.
        for (var i = _plan.OperatorActs; i > 0; i--)
            _operators.CloseCase(_dice.Pick(_keys));
        RunUntilIdle();
        foreach (var key in _keys)
            ReadAfresh(key);
        RunUntilIdle();
        var waiting = _everStarted.Where(static frontEnd => !frontEnd.Node.IsDead).Sum(static frontEnd => frontEnd.Running) + _cluster.Unanswered;
        _findings.Require(waiting == 0, Law.Answered, $"{waiting} calls wait for ever");
        if (_findings.Invariant is null)
            _oracle.Close();
        return new RunResult(_findings, _scheduler.Turns, _scheduler.Trace, _oracle.Books.Values.Sum(static book => book.Seq));
    }

    private void RunUntilIdle()
    {
        while (_findings.Invariant is null && _scheduler.Step())
        {
            if (!_settingUp)
                _faults.AfterTurn();
            _findings.Require(_scheduler.Turns < MostTurns, Law.Answered, $"after {MostTurns} turns it still goes on");
        }
    }

    private void StartFrontEnd()
    {
        var frontEnd = new FrontEnd(new Node(_scheduler, $"front{_frontEnds.Count}"), _cluster);
        _frontEnds.Add(frontEnd);
    }

    private FrontEnd AnyFrontEnd()
    {
        var frontEnd = _dice.Pick(_frontEnds);
        if (!_everStarted.Contains(frontEnd))
            _everStarted.Add(frontEnd);
        return frontEnd;
    }

    private void StartRequest()
    {
        var frontEnd = AnyFrontEnd();
        var key = _dice.Pick(_keys);
        frontEnd.Node.Run(() => _ = _findings.Watch(new MeteredRequest(frontEnd, _xai, _oracle, _dice, _plan, key, _operators.SomeSecret(key)).Run()));
    }

    // A new activation that knows the ledger only must find what the book adds up to.
    private void ReadAfresh(string key)
    {
        var activation = _cluster.Activate(key);
        activation.Node.Run(() => _ = _findings.Watch(ReadAsync()));

        async Task ReadAsync()
        {
            var view = await activation.Execute("read", static (account, _, _, _) => account.View());
            _findings.Require(view is not null && view.LastSeq == _oracle.Book(key).Seq && _oracle.Book(key).Agrees(view), Law.ReadAsWritten, $"{key}: {view}");
        }
    }
}

/// <summary>How a run went.</summary>
internal sealed record RunResult(Findings Findings, long Turns, ulong Trace, long Entries);
