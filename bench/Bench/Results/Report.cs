using System.Text.Json;

namespace LlmTr.Bench.Results;

/// <summary>One whole run.</summary>
internal sealed class Report
{
    public required Machine Machine { get; init; }

    /// <summary>What durable means in this run.</summary>
    public string Durability { get; } = "embedded: SQLite WAL, synchronous=FULL, a hold and a settlement on disk for every request; front end + silo: append blobs of Azurite, which does not sync; the others store nothing";

    public IList<ContenderResult> Contenders { get; } = [];

    /// <summary>What failed, and so is in no figure.</summary>
    public IReadOnlyList<string> LeftOut { get; } = Telling.LeftOut;

    /// <summary>Whether nothing failed.</summary>
    public bool IsComplete(int contenders) => Contenders.Count == contenders && LeftOut.Count == 0;

    /// <summary>Writes <c>results.json</c> and <c>results.md</c>.</summary>
    public async Task WriteAsync(string folder, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(this, ResultJson.Options), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "results.md"), Markdown.Of(this), cancellation);
    }
}
