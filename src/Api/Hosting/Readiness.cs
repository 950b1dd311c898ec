using LlmTr.Api.Accounts;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Cluster;

namespace LlmTr.Api.Hosting;

/// <summary>
/// Whether this front end should be sent requests: it has found the cluster, the cluster reads its ledgers, its clocks agree with this one, and nobody has told the
/// program to stop.
/// </summary>
internal sealed class Readiness(
    AccountClient accounts, IGrainFactory grains, GracefulStop stop, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    // An account that is never issued: reading it goes all the way to the ledger and back.
    private const string ProbeAccount = "health-probe";

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    // Accounts refuse requests whose id says that they were made in another time: a clock that is further off would make customers feel it.
    private static readonly TimeSpan ClocksApart = TimeSpan.FromSeconds(5);

    /// <summary>Null when it should; else why not, as a sentence for an operator.</summary>
    public async Task<string?> ProblemAsync(CancellationToken cancellation)
    {
        if (stop.IsDraining)
            return "This front end is stopping.";
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
            return "This front end has not found the cluster yet: no silo answers, or Redis cannot be reached.";
        var told = await accounts.RepeatAsync(
            ProbeAccount, cancellation, static async (account, cancellation) => (object)(await account.Read(cancellation) is null), ProbePatience, cancellation);
        if (told is null)
            return "The accounts cannot be reached: no silo answers, or the silos cannot read their ledgers.";
        return await ClockProblemAsync();
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
