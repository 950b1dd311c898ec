using LlmTr.Cluster.Tests.Topology;

namespace LlmTr.Cluster.Tests.Faults;

/// <summary>What is asked of the gateway while something is broken.</summary>
internal enum Target
{
    /// <summary>Not one request fails.</summary>
    NoneFails,

    /// <summary>Only requests fail that were in flight when it struck.</summary>
    OnlyThoseInFlight,

    /// <summary>Of the victim's keys no request fails that began more than 6 s after it struck; of the others only those in flight.</summary>
    VictimsKeysForSeconds,

    /// <summary>Of no key a request fails that began more than 6 s after it struck.</summary>
    AnyKeysForSeconds,

    /// <summary>No request fails that began more than 6 s after it was over.</summary>
    UntilItIsOver,
}

/// <summary>Something that breaks, and is mended again.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Target">What is asked of the gateway meanwhile.</param>
/// <param name="HitsSilo">It has a silo as its victim.</param>
/// <param name="StrikeAsync">Breaks it; returns when all is mended, and everybody was ready again.</param>
internal sealed record Fault(string Name, Target Target, bool HitsSilo, Func<Strike, Task> StrikeAsync)
{
    // Longer than a failover takes, so that it is seen before the victim comes back and takes its own place.
    private static readonly TimeSpan Failover = TimeSpan.FromSeconds(9);

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(150);

    public static Fault KilledFrontEnd { get; } = new("kill -9 of a front end", Target.OnlyThoseInFlight, HitsSilo: false, static async strike =>
    {
        var victim = strike.FrontEnd;
        strike.Begins();
        await victim.KillAsync();
        strike.Hits();
        await Task.Delay(TimeSpan.FromSeconds(2));
        await StartAsync(victim);
    });

    public static Fault StoppedFrontEnd { get; } = new("SIGTERM of a front end", Target.NoneFails, HitsSilo: false, static strike => RestartAsync(strike, strike.FrontEnd));

    public static Fault KilledSilo { get; } = new("kill -9 of a silo", Target.VictimsKeysForSeconds, HitsSilo: true, static async strike =>
    {
        var victim = strike.Silo;
        strike.Begins();
        await victim.KillAsync();
        strike.Hits();
        await Task.Delay(Failover);
        await StartAsync(victim);
    });

    public static Fault StoppedSilo { get; } = new("SIGTERM of a silo", Target.NoneFails, HitsSilo: true, static strike => RestartAsync(strike, strike.Silo));

    /// <summary>A paused silo keeps its connections open, and so takes requests of any key with it that front ends send through it, until it is voted out.</summary>
    public static Fault Zombie { get; } = new("SIGSTOP of a silo for 20 s (the zombie)", Target.AnyKeysForSeconds, HitsSilo: true, static async strike =>
    {
        var victim = strike.Silo;
        strike.Begins();
        await victim.PauseAsync();
        strike.Hits();
        await Task.Delay(Pause);

        // It wakes up among those who have replaced it, and ends when it learns that.
        await victim.ResumeAsync();
        await victim.WaitForEndAsync();
        await StartAsync(victim);
    });

    public static Fault KilledRedis { get; } = new("Redis killed, away for 5 s", Target.NoneFails, HitsSilo: false, static async strike =>
    {
        strike.Begins();
        await strike.Cluster.Redis.KillAsync();
        await Task.Delay(Away);
        await strike.Cluster.Redis.StartAsync();
    });

    public static Fault LostStorage { get; } = new("storage away for 5 s", Target.UntilItIsOver, HitsSilo: false, static async strike =>
    {
        strike.Begins();
        await strike.Cluster.Storage.StopAsync();
        await Task.Delay(Away);
        await strike.Cluster.Storage.StartAsync();
    });

    public static Fault SlowStorage { get; } = new("storage slower by 150 ms for 8 s", Target.NoneFails, HitsSilo: false, static async strike =>
    {
        strike.Begins();
        strike.Cluster.Storage.Delay = Slowness;
        await Task.Delay(TimeSpan.FromSeconds(8));
        strike.Cluster.Storage.Delay = TimeSpan.Zero;
    });

    public static Fault RollingRestart { get; } = new("rolling restart of everything", Target.NoneFails, HitsSilo: false, static async strike =>
    {
        strike.Begins();
        foreach (var member in strike.Cluster.Members)
        {
            // Whoever restarts the next front end before the load balancer sends to this one again leaves it with none.
            await RestartAsync(member);
            await strike.IsSentTo(member);
        }
    });

    /// <summary>All of them. Those first that leave holds behind which have to pass their deadlines.</summary>
    public static IReadOnlyList<Fault> All { get; } =
        [KilledFrontEnd, KilledSilo, LostStorage, StoppedSilo, StoppedFrontEnd, Zombie, KilledRedis, SlowStorage, RollingRestart];

    /// <summary>SIGTERM, wait until it has gone, start it, wait until it is ready.</summary>
    public static async Task RestartAsync(Member member)
    {
        await member.TerminateAsync();
        await StartAsync(member);
    }

    private static Task RestartAsync(Strike strike, Member victim)
    {
        strike.Begins();
        return RestartAsync(victim);
    }

    private static Task StartAsync(Member member)
    {
        member.Start();
        return member.WaitUntilReadyAsync();
    }
}

/// <summary>A fault that is about to strike.</summary>
/// <param name="Cluster">Where.</param>
/// <param name="Silo">Its victim, where it is a silo.</param>
/// <param name="FrontEnd">Its victim, where it is a front end.</param>
/// <param name="Begins">To be called right before it strikes.</param>
/// <param name="Hits">To be called when it has struck: what was sent before was in flight.</param>
/// <param name="IsSentTo">Completes when the load balancer sends to a front end again; at once for a silo.</param>
internal sealed record Strike(TestCluster Cluster, Member Silo, Member FrontEnd, Action Begins, Action Hits, Func<Member, Task> IsSentTo);
