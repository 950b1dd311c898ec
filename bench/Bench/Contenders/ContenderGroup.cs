using LlmTr.Bench.Processes;

namespace LlmTr.Bench.Contenders;

/// <summary>How a contender is started before an upstream.</summary>
internal delegate Task<Contender> StartContender(Workplace workplace, Uri upstream, CancellationToken cancellation);

/// <summary>Contenders that run side by side and are loaded in turn: what else the machine does meets all of them alike.</summary>
internal sealed class ContenderGroup : IAsyncDisposable
{
    private readonly List<Contender> _contenders = [];

    public IReadOnlyList<Contender> Contenders => _contenders;

    /// <summary>Starts them one after the other. One that does not start is told and left out.</summary>
    public static async Task<ContenderGroup> StartAsync(Workplace workplace, Uri upstream, IEnumerable<(string Name, StartContender Start)> starts, CancellationToken cancellation)
    {
        var group = new ContenderGroup();
        try
        {
            foreach (var (name, start) in starts)
            {
                if (await Telling.OrNullAsync($"{name}, start", () => start(workplace, upstream, cancellation)) is { } contender)
                    group._contenders.Add(contender);
            }
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
        return group;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var contender in _contenders)
            await contender.DisposeAsync();
    }
}
