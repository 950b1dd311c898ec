using LlmTr.Bench.Processes;

namespace LlmTr.Bench.Contenders;

/// <summary>One way from a client to the upstream, with all the processes that it needs.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private readonly List<OwnProcess> _processes = [];

    public required string Name { get; init; }

    /// <summary>Where clients post.</summary>
    public required Uri Address { get; init; }

    /// <summary>A hundred keys, with 10,000 USD each where somebody counts.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>What every request must carry besides its key.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The processes that are the contender's own; Redis or the storage are not.</summary>
    public required IReadOnlyList<OwnProcess> Own { get; init; }

    /// <summary>Whether its own processes compile their code while they run.</summary>
    public bool Compiles { get; init; }

    /// <summary>Where its own processes tell what their runtime counts; empty where they do not.</summary>
    public IReadOnlyList<Uri> Metrics { get; init; } = [];

    /// <summary>Makes one more key with this balance; null where nobody counts.</summary>
    public Func<string, CancellationToken, Task<string>>? MakeKeyAsync { get; init; }

    /// <summary>All that must be ended with it, in the order in which it was started.</summary>
    public required IReadOnlyList<OwnProcess> Started
    {
        init => _processes.AddRange(value);
    }

    /// <summary>What its own processes have taken until now.</summary>
    public ProcessUse Use() => Own.Aggregate(default(ProcessUse), static (sum, process) => sum + process.Use());

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
            await process.DisposeAsync();
    }
}
