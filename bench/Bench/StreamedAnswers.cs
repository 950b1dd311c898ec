using LlmTr.Bench.Contenders;
using LlmTr.Bench.Loads;
using LlmTr.Bench.Processes;
using LlmTr.Bench.Upstreams;
using static LlmTr.Bench.Telling;

namespace LlmTr.Bench;

/// <summary>What streams take, with fresh processes.</summary>
internal static class StreamedAnswers
{
    /// <summary>How often a group's contenders are loaded in turn.</summary>
    private const int Rounds = 3;

    /// <summary>What was found of a contender. What failed is null; idle streams are, too, for none in between.</summary>
    internal sealed record Found(string Name, EventStreamsResult? Streams, IdleStreamsResult? IdleStreams);

    /// <summary>Measures the contenders of a group, side by side.</summary>
    public static async Task<IReadOnlyList<Found>> MeasureAsync(Workplace workplace, IEnumerable<(string Name, StartContender Start)> starts, CancellationToken cancellation)
    {
        await using var upstream = await Upstream.StartStreamsAsync(workplace, cancellation);
        await using var group = await ContenderGroup.StartAsync(workplace, upstream.Address, starts, cancellation);
        foreach (var contender in group.Contenders)
        {
            Say($"{contender.Name}: streams");

            // After four seconds an event was measured to cost three times what it does after thirty. Where the contender compiles nothing, the upstream and this program still do: with no one in
            // between the p50 of the first byte was 2.3 ms in the first round and 0.5 in the eighth.
            await OrNullAsync($"{contender.Name}, warming up with streams", () => EventStreams.RunAsync(contender, rounds: 6, cancellation));
        }

        var loads = group.Contenders.Select(static contender => (Contender: contender, Streams: new List<EventStreamsResult?>())).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (contender, streams) in loads)
                streams.Add(await OrNullAsync($"{contender.Name}, streams", () => EventStreams.RunAsync(contender, rounds: 1, cancellation)));
        }

        var found = new List<Found>();
        foreach (var (contender, streams) in loads)
        {
            IdleStreamsResult? idle = null;
            if (contender.Own.Count > 0)
            {
                Say($"{contender.Name}: {IdleStreams.Count} idle streams");
                idle = await OrNullAsync($"{contender.Name}, idle streams", () => IdleStreams.RunAsync(contender, IdleStreams.Count, cancellation));
            }
            found.Add(new Found(contender.Name, Middle.OrNull(streams, EventStreamsResult.MiddleOf), idle));
        }
        return found;
    }
}
