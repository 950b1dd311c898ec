using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Simulation.Tests.Invariants;
using LlmTr.Simulation.Tests.Scheduling;
using LlmTr.Simulation.Tests.Storage;

namespace LlmTr.Simulation.Tests.Cluster;

/// <summary>
/// Silos, the directory of activations and the network between front ends and them. What the directory says may be wrong for a while: then two activations
/// of one key live at once and calls reach either.
/// </summary>
internal sealed class SimulatedCluster(Scheduler scheduler, Dice dice, Plan plan, ISimulatedStorage storage, Oracle oracle)
{
    /// <summary>A call that nobody answers fails after this, as Orleans' does.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    private readonly List<Node> _silos = [];
    private readonly Dictionary<string, List<Activation>> _directory = new(StringComparer.Ordinal);
    private readonly List<Activation> _everActive = [];

    public IReadOnlyList<Node> Silos => _silos;

    /// <summary>Activations that could still answer somebody and have not.</summary>
    public int Unanswered => _everActive.Where(static activation => !activation.Node.IsDead).Sum(static activation => activation.Running);

    public void StartSilo() => _silos.Add(new Node(scheduler, $"silo{_everActive.Count}.{_silos.Count}"));

    /// <summary>Kills a silo; another one starts in its place.</summary>
    public void Crash(Node silo)
    {
        silo.Die();
        if (_silos.Remove(silo))
            StartSilo();
    }

    public Activation? AnyActivation(string key) => _directory.GetValueOrDefault(key) is { Count: > 0 } active ? dice.Pick(active) : null;

    /// <summary>Lets two activations of a key live at once.</summary>
    public void ActivateAnother(string key)
    {
        Tidy(key);
        if (_directory.GetValueOrDefault(key) is not { Count: > 1 })
            Activate(key);
    }

    /// <summary>Starts one more activation of a key, whether or not there is one.</summary>
    public Activation Activate(string key)
    {
        var silo = dice.Pick(_silos);
        var activation = new Activation(key, new Node(scheduler, $"{key}@{silo.Name}#{_everActive.Count}", silo), storage.Of(key, silo), oracle, plan.SnapshotEvery);
        _everActive.Add(activation);
        if (!_directory.TryGetValue(key, out var active))
            _directory.Add(key, active = []);
        active.Add(activation);
        return activation;
    }

    /// <summary>One call. Its message or its reply may be lost, doubled or late.</summary>
    /// <exception cref="TimeoutException">Nobody answered in time.</exception>
    /// <exception cref="AccountUnavailableException">The account said that it does not know.</exception>
    public Task<TReply> Call<TCommand, TReply>(string key, TCommand command, Decision<TCommand, TReply> decide)
    {
        var caller = new TaskCompletionSource<TReply>();
        scheduler.After(ResponseTimeout, () => caller.TrySetException(new TimeoutException()));
        for (var copies = plan.Strikes(plan.DoubledMessage) ? 2 : 1; copies > 0; copies--)
        {
            if (!plan.Strikes(plan.LostMessage))
                scheduler.After(Delay(), () => Arrive(key, command, decide, caller));
        }

        return caller.Task;
    }

    private void Arrive<TCommand, TReply>(string key, TCommand command, Decision<TCommand, TReply> decide, TaskCompletionSource<TReply> caller)
    {
        var activation = Route(key);
        activation.Node.Run(() => _ = Serve(activation, command, decide, caller));
    }

    private async Task Serve<TCommand, TReply>(Activation activation, TCommand command, Decision<TCommand, TReply> decide, TaskCompletionSource<TReply> caller)
    {
        Action answer;
        try
        {
            var reply = await activation.Execute(command, decide);
            answer = () => caller.TrySetResult(reply);
        }
        catch (AccountUnavailableException exception)
        {
            answer = () => caller.TrySetException(exception);
        }

        if (!plan.Strikes(plan.LostMessage))
            scheduler.After(Delay(), answer);
    }

    private Activation Route(string key)
    {
        Tidy(key);
        return AnyActivation(key) ?? Activate(key);
    }

    private void Tidy(string key) =>
        _directory.GetValueOrDefault(key)?.RemoveAll(static activation => activation.Node.IsDead || activation.IsLeaving);

    private TimeSpan Delay() => plan switch
    {
        _ when plan.Strikes(plan.VerySlowMessage) => dice.UpTo(TimeSpan.FromMinutes(8)),
        _ when plan.Strikes(plan.SlowMessage) => dice.UpTo(TimeSpan.FromSeconds(12)),
        _ => dice.Between(TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(4)),
    };
}
