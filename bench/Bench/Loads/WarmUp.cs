using LlmTr.Bench.Contenders;
using LlmTr.Bench.Processes;

namespace LlmTr.Bench.Loads;

/// <summary>
/// Loads a contender until its code is compiled as it will stay. The runtime compiles again what is called often, for as long as new code becomes that: of a silo that answered 200 requests a
/// second, half of its CPU was measured to be the compiler's after 25 seconds still.
/// </summary>
internal static class WarmUp
{
    private const int MostRounds = 12;

    // Of a round's wall time, over all processes: 1 % of a core.
    private const double MostCompiling = 0.01;

    private static readonly TimeSpan _first = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _large = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(8);

    /// <summary>All that is loaded is <see cref="Requests.Small"/>, but for a few seconds of large ones.</summary>
    /// <exception cref="BenchException">A request failed.</exception>
    public static async Task<WarmUpResult> RunAsync(Workplace workplace, Contender contender, CancellationToken cancellation)
    {
        if (!contender.Compiles)
            return new WarmUpResult(TimeSpan.Zero, null);
        Task LoadAsync(string body, TimeSpan duration) => ClosedLoop.RunAsync(workplace, contender, contender.Keys, body, duration, cancellation);

        await LoadAsync(Requests.Small, _first);
        await LoadAsync(Requests.Large, _large);
        var took = _first + _large;
        var compiled = await RuntimeCounters.CompilingAsync(contender, cancellation);
        TimeSpan? compiling = null;
        for (var round = 0; compiled is not null && round < MostRounds && !(compiling < _round * MostCompiling); round++)
        {
            await LoadAsync(Requests.Small, _round);
            took += _round;
            var before = compiled;
            compiled = await RuntimeCounters.CompilingAsync(contender, cancellation);
            compiling = compiled - before;
        }
        return new WarmUpResult(took, compiling / _round);
    }
}

/// <summary>How a contender was warmed up.</summary>
/// <param name="Took">For how long it was loaded.</param>
/// <param name="Compiling">What its compiler took of a core at the end; null where it does not tell.</param>
internal sealed record WarmUpResult(TimeSpan Took, double? Compiling);
