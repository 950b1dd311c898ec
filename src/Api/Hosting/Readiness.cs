using LlmTr.Api.Accounts;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Cluster;
using Microsoft.Extensions.Options;

namespace LlmTr.Api.Hosting;

/// <summary>
/// Whether this front end should be sent requests: it has found the cluster, the cluster reads its ledgers, its clocks agree with this one, and nobody has told the
/// program to stop.
/// </summary>
internal sealed class Readiness(
    AccountClient accounts, IGrainFactory grains, GracefulStop stop, IHostApplicationLifetime lifetime, IOptions<ReadinessOptions> options, TimeProvider clock)
{
    // An account that is never issued. Its ledger is read, not the account, which would answer from memory.
    private const string ProbeAccount = "health-probe";

    // Below the second or two that load balancers give an answer: no answer would count as a no, whatever it would have said.
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(1);

    private const string LedgersUnreachable = "The accounts cannot be reached: no silo answers, or the silos cannot read their ledgers.";

    // Accounts refuse requests whose id says that they were made in another time: a clock that is further off would make customers feel it.
    private static readonly TimeSpan ClocksApart = TimeSpan.FromSeconds(5);

    // When all was well at last, in the clock's timestamps; 0 for never.
    private long _lastGood;

    /// <summary>Null when it should; else why not, as a sentence for an operator. Answers within a second or so.</summary>
    public async Task<string?> ProblemAsync(CancellationToken cancellation)
    {
        if (stop.IsDraining)
            return "This front end is stopping.";
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
            return "This front end has not found the cluster yet: no silo answers, or Redis cannot be reached.";
        var problems = await Task.WhenAll(LedgerProblemAsync(cancellation), ClockProblemAsync());
        var now = clock.GetTimestamp();
        if (problems[0] is null && problems[1] is null)
        {
            Volatile.Write(ref _lastGood, now);
            return null;
        }

        // A silo that dies takes what it hosts with it for some seconds, in which requests wait and are answered: if the probe was among it, all front ends would be turned away from at once.
        var lastGood = Volatile.Read(ref _lastGood);
        return lastGood != 0 && clock.GetElapsedTime(lastGood, now) < options.Value.Grace ? null : problems[0] ?? problems[1];
    }

    private async Task<string?> LedgerProblemAsync(CancellationToken cancellation)
    {
        try
        {
            // A call to a silo that has just died hangs for longer than anybody waits here.
            var page = await accounts.RepeatAsync(
                ProbeAccount, cancellation, static (account, cancellation) => account.ReadLedger(1, 1, cancellation), ProbePatience, cancellation, "Readiness").WaitAsync(ProbePatience, clock, cancellation);
            return page is null ? LedgersUnreachable : null;
        }
        catch (TimeoutException)
        {
            return LedgersUnreachable;
        }
    }

    private async Task<string?> ClockProblemAsync()
    {
        try
        {
            var asked = clock.GetUtcNow();
            var theirs = await grains.Find<IClockGrain>().Now().WaitAsync(ProbePatience, clock);
            var answered = clock.GetUtcNow();

            // Somewhere between the two their clock was read.
            var apart = theirs < asked ? asked - theirs : theirs > answered ? theirs - answered : TimeSpan.Zero;
            return apart <= ClocksApart ? null : $"A silo's clock and this front end's are {apart.TotalSeconds:F0} s apart; more than {ClocksApart.TotalSeconds:F0} is too much. Synchronise them.";
        }
        catch (Exception exception) when (exception is TimeoutException or AccountUnavailableException or Orleans.Runtime.OrleansException)
        {
            return "No silo tells its time.";
        }
    }
}
