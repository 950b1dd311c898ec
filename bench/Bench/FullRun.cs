using LlmTr.Bench.Contenders;
using LlmTr.Bench.Processes;
using LlmTr.Bench.Results;

namespace LlmTr.Bench;

/// <summary>Every group of contenders in turn, alone on the machine but for the load and the upstream.</summary>
internal static class FullRun
{
    // Those whom the targets compare in one group.
    private static readonly (string Name, StartContender Start)[][] _groups =
    [
        [("direct", Proxies.DirectAsync)],
        [("nginx", Proxies.NginxAsync)],
        [("yarp", Proxies.YarpAsync), ("portkey", Proxies.PortkeyAsync), ("embedded", Gateways.EmbeddedAsync)],
        [("cluster", Gateways.ClusterAsync)],
    ];

    /// <summary>Measures all and writes what was found. What fails is told and left out.</summary>
    /// <param name="workplace">Where.</param>
    /// <param name="results">The folder that the results are written to.</param>
    /// <param name="only">The contenders to measure; null for all.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>0; 2 where something was left out.</returns>
    /// <exception cref="BenchException">One of <paramref name="only"/> is no contender.</exception>
    public static async Task<int> RunAsync(Workplace workplace, string results, IReadOnlyCollection<string>? only, CancellationToken cancellation)
    {
        var names = _groups.SelectMany(static group => group).Select(static contender => contender.Name);
        if (only?.Except(names).FirstOrDefault() is { } unknown)
            throw new BenchException($"There is no contender '{unknown}': {string.Join(", ", names)}.");
        var report = new Report { Machine = await Machine.FindAsync(workplace, cancellation) };
        var contenders = 0;
        foreach (var group in _groups)
        {
            var starts = group.Where(contender => only?.Contains(contender.Name) != false).ToArray();
            if (starts.Length == 0)
                continue;
            contenders += starts.Length;
            var plain = await PlainRequests.MeasureAsync(workplace, starts, cancellation);
            var streamed = await StreamedAnswers.MeasureAsync(workplace, starts, cancellation);
            foreach (var one in plain)
            {
                var streams = streamed.FirstOrDefault(found => found.Name == one.Name);
                report.Contenders.Add(one with { Streams = streams?.Streams, IdleStreams = streams?.IdleStreams });
            }

            // After each, so that a run which is ended early leaves what it has.
            await report.WriteAsync(results, cancellation);
        }
        Console.WriteLine();
        Console.WriteLine(Markdown.Of(report));
        return report.IsComplete(contenders) ? 0 : 2;
    }
}
