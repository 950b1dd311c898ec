using System.Globalization;
using LlmTr.Bench.Contenders;
using LlmTr.Bench.Loads;
using LlmTr.Bench.Processes;
using LlmTr.Bench.Results;
using LlmTr.Bench.Upstreams;

namespace LlmTr.Bench;

/// <summary>Every contender in turn, alone on the machine but for the load and the upstream.</summary>
internal static class FullRun
{
    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(10);

    private static readonly (string Name, Func<Workplace, Uri, CancellationToken, Task<Contender>> Start)[] _contenders =
    [
        ("direct", Proxies.DirectAsync),
        ("nginx", Proxies.NginxAsync),
        ("yarp", Proxies.YarpAsync),
        ("portkey", Proxies.PortkeyAsync),
        ("embedded", Gateways.EmbeddedAsync),
        ("cluster", Gateways.ClusterAsync),
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
        if (only?.Except(_contenders.Select(static contender => contender.Name)).FirstOrDefault() is { } unknown)
            throw new BenchException($"There is no contender '{unknown}': {string.Join(", ", _contenders.Select(static contender => contender.Name))}.");
        var contenders = _contenders.Where(contender => only?.Contains(contender.Name) != false).ToArray();
        var report = new Report { Machine = await Machine.FindAsync(workplace, cancellation) };
        foreach (var (_, start) in contenders)
        {
            try
            {
                var plain = await PlainAsync(workplace, start, cancellation);
                report.Contenders.Add(await WithStreamsAsync(plain, workplace, start, cancellation));
            }
            catch (BenchException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message);
            }
            // After each, so that a run which is ended early leaves what it has.
            await report.WriteAsync(results, cancellation);
        }
        Console.WriteLine();
        Console.WriteLine(Markdown.Of(report));
        return report.IsComplete(contenders.Length) ? 0 : 2;
    }

    private static async Task<ContenderResult> PlainAsync(
        Workplace workplace, Func<Workplace, Uri, CancellationToken, Task<Contender>> start, CancellationToken cancellation)
    {
        await using var upstream = await Upstream.StartFixedAnswersAsync(workplace, cancellation);
        await using var contender = await start(workplace, upstream.Address, cancellation);
        Say($"{contender.Name}: plain");
        var idle = contender.Use().ResidentBytes;
        if (await OrNullAsync(() => WarmUp.RunAsync(workplace, contender, cancellation)) is { } warmedUp and { Compiling: not null })
            Say($"{contender.Name}: warmed up for {warmedUp.Took.TotalSeconds} s, its compiler at the end took {warmedUp.Compiling:p1} of a core");
        var fixedRate = new List<FixedRateResult?>();
        async Task<ClosedLoopResult?> LoadAsync(IEnumerable<string> keys, string body)
        {
            var result = await OrNullAsync(() => ClosedLoop.RunAsync(workplace, contender, keys, body, _duration, cancellation));

            // After each, and so apart from each other: what else the machine does comes and goes within half a minute.
            fixedRate.Add(await OrNullAsync(() => OpenLoop.RunAsync(contender, contender.Keys, _duration, cancellation)));
            return result;
        }

        var result = new ContenderResult
        {
            Name = contender.Name,
            IdleBytes = idle,
            SmallHundredKeys = await LoadAsync(contender.Keys, Requests.Small),
            SmallHotKey = await LoadAsync(contender.Keys.Take(1), Requests.Small),
            LargeHundredKeys = await LoadAsync(contender.Keys, Requests.Large),
            FixedRate = fixedRate.Contains(null) ? null : FixedRateResult.MiddleOf([.. fixedRate.OfType<FixedRateResult>()]),
            LoadedBytes = contender.Use().ResidentBytes,
        };
        if (contender.MakeKeyAsync is not { } makeKeyAsync)
            return result;

        string[] keys = [await makeKeyAsync("10000", cancellation), await makeKeyAsync("0.01", cancellation)];
        var each = await OrNullAsync(() => OpenLoop.EachAsync(contender, keys, 2 * _duration, ContenderResult.OneKeyRequestsPerSecond, cancellation));
        return result with { RichKey = each?[0], PoorKey = each?[1] };
    }

    private static async Task<ContenderResult> WithStreamsAsync(
        ContenderResult result, Workplace workplace, Func<Workplace, Uri, CancellationToken, Task<Contender>> start, CancellationToken cancellation)
    {
        await using var upstream = await Upstream.StartStreamsAsync(workplace, cancellation);
        await using var contender = await start(workplace, upstream.Address, cancellation);
        Say($"{contender.Name}: streams");

        // A fresh process: after four seconds an event was measured to cost three times what it does after thirty.
        if (contender.Compiles)
            await OrNullAsync(() => EventStreams.RunAsync(contender, rounds: 6, cancellation));
        var streams = await OrNullAsync(() => EventStreams.RunAsync(contender, rounds: 2, cancellation));
        if (contender.Own.Count == 0)
            return result with { Streams = streams };

        Say($"{contender.Name}: {IdleStreams.Count} idle streams");
        return result with { Streams = streams, IdleStreams = await OrNullAsync(() => IdleStreams.RunAsync(contender, cancellation)) };
    }

    // What failed is told and left out: the rest is measured all the same.
    private static async Task<T?> OrNullAsync<T>(Func<Task<T>> measure)
        where T : class
    {
        try
        {
            return await measure();
        }
        catch (Exception exception) when (exception is BenchException or HttpRequestException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return null;
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
