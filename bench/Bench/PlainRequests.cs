using LlmTr.Bench.Contenders;
using LlmTr.Bench.Loads;
using LlmTr.Bench.Processes;
using LlmTr.Bench.Results;
using LlmTr.Bench.Upstreams;
using static LlmTr.Bench.Telling;

namespace LlmTr.Bench;

/// <summary>What plain requests and their answers take.</summary>
internal static class PlainRequests
{
    /// <summary>How often a group's contenders are loaded in turn.</summary>
    private const int Rounds = 3;

    private static readonly TimeSpan _closedLoop = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _fixedRate = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan _twoKeys = TimeSpan.FromSeconds(20);

    /// <summary>Measures the contenders of a group, side by side.</summary>
    public static async Task<IReadOnlyList<ContenderResult>> MeasureAsync(Workplace workplace, IEnumerable<(string Name, StartContender Start)> starts, CancellationToken cancellation)
    {
        await using var upstream = await Upstream.StartFixedAnswersAsync(workplace, cancellation);
        await using var group = await ContenderGroup.StartAsync(workplace, upstream.Address, starts, cancellation);
        var found = group.Contenders.Select(contender => new Found(contender, contender.Use().ResidentBytes)).ToArray();
        foreach (var contender in group.Contenders)
        {
            Say($"{contender.Name}: plain");
            if (await OrNullAsync($"{contender.Name}, warming up", () => WarmUp.RunAsync(workplace, contender, cancellation)) is { } warmedUp and { Compiling: not null })
                Say($"{contender.Name}: warmed up for {warmedUp.Took.TotalSeconds} s, its compiler at the end took {warmedUp.Compiling:p1} of a core");
        }

        for (var round = 0; round < Rounds; round++)
        {
            await EachAsync("1 KB, 100 keys", one => one.Contender.Keys, Requests.Small, static one => one.SmallHundredKeys);
            await EachAsync("1 KB, one key", one => one.Contender.Keys.Take(1), Requests.Small, static one => one.SmallHotKey);
            await EachAsync("256 KB", one => one.Contender.Keys, Requests.Large, static one => one.LargeHundredKeys);
            foreach (var one in found)
                one.FixedRate.Add(await OrNullAsync($"{one.Contender.Name}, fixed rate", () => OpenLoop.RunAsync(one.Contender, one.Contender.Keys, _fixedRate, cancellation)));
        }

        var results = new List<ContenderResult>();
        foreach (var one in found)
            results.Add(await WithPoorAndRichKeyAsync(one.Contender, one.Result(), cancellation));
        return results;

        async Task EachAsync(string what, Func<Found, IEnumerable<string>> keys, string body, Func<Found, ICollection<ClosedLoopResult?>> loads)
        {
            foreach (var one in found)
                loads(one).Add(await OrNullAsync($"{one.Contender.Name}, {what}", () => ClosedLoop.RunAsync(workplace, one.Contender, keys(one), body, _closedLoop, cancellation)));
        }
    }

    /// <summary>Adds what two keys with much and with little money take. A gateway that makes no key any more loses this figure and no other.</summary>
    internal static async Task<ContenderResult> WithPoorAndRichKeyAsync(Contender contender, ContenderResult result, CancellationToken cancellation)
    {
        if (contender.MakeKeyAsync is not { } makeKeyAsync)
            return result;
        var each = await OrNullAsync($"{contender.Name}, 0.01 and 10,000 USD left", async () =>
        {
            string[] keys = [await makeKeyAsync("10000", cancellation), await makeKeyAsync("0.01", cancellation)];
            return await OpenLoop.EachAsync(contender, keys, _twoKeys, ContenderResult.OneKeyRequestsPerSecond, cancellation);
        });
        return result with { RichKey = each?[0], PoorKey = each?[1] };
    }

    // The loads of a contender, a round each.
    private sealed record Found(Contender Contender, long IdleBytes)
    {
        public List<ClosedLoopResult?> SmallHundredKeys { get; } = [];

        public List<ClosedLoopResult?> SmallHotKey { get; } = [];

        public List<ClosedLoopResult?> LargeHundredKeys { get; } = [];

        public List<FixedRateResult?> FixedRate { get; } = [];

        public ContenderResult Result() => new()
        {
            Name = Contender.Name,
            IdleBytes = IdleBytes,
            SmallHundredKeys = Middle.OrNull(SmallHundredKeys, ClosedLoopResult.MiddleOf),
            SmallHotKey = Middle.OrNull(SmallHotKey, ClosedLoopResult.MiddleOf),
            LargeHundredKeys = Middle.OrNull(LargeHundredKeys, ClosedLoopResult.MiddleOf),
            FixedRate = Middle.OrNull(FixedRate, FixedRateResult.MiddleOf),
            LoadedBytes = Contender.Use().ResidentBytes,
        };
    }
}
