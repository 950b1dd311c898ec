using System.Globalization;
using LlmTr.Api.Accounts;
using LlmTr.Api.Errors;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Api.Usage;

/// <summary>What one group of a key's requests comes to.</summary>
internal sealed class UsageGroup
{
    /// <summary>How many were charged, for nothing too.</summary>
    public long Requests { get; private set; }

    /// <summary>Prompt tokens, as far as xAI told them.</summary>
    public long InputTokens { get; private set; }

    /// <summary>Output tokens, as far as xAI told them.</summary>
    public long OutputTokens { get; private set; }

    /// <summary>What the customer paid.</summary>
    public UsdTicks Charged { get; private set; }

    /// <summary>What the key could not cover.</summary>
    public UsdTicks Overruns { get; private set; }

    /// <summary>Adds a settlement.</summary>
    public void Add(LedgerEntry settled)
    {
        Requests++;
        InputTokens = TokenSum.Of(InputTokens, settled.InputTokens);
        OutputTokens = TokenSum.Of(OutputTokens, settled.OutputTokens);
        Charged += settled.Amount;
        Overruns += (settled.Cost ?? settled.Amount) - settled.Amount;
    }
}

/// <summary>Adds up the settlements of a ledger by day, model or endpoint of their holds.</summary>
internal static class UsageGroups
{
    /// <summary>What can be grouped by.</summary>
    public static IReadOnlyList<string> Names { get; } = ["day", "model", "endpoint"];

    /// <summary>
    /// The groups of the requests whose holds were placed within a time, by name in ordinal order; and how many of the requests are not done as far as was read: under way, or
    /// unreconciled.
    /// </summary>
    /// <exception cref="RefusedException">400: the time has more entries than one request may read.</exception>
    /// <exception cref="AccountUnavailableException">The ledger could not be read.</exception>
    public static async Task<(IReadOnlyCollection<KeyValuePair<string, UsageGroup>> Groups, int Unfinished)> SumAsync(
        LedgerReading ledger, string by, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation)
    {
        var groups = new SortedDictionary<string, UsageGroup>(StringComparer.Ordinal);

        // Of each request that may still be charged, the group that its hold put it into.
        var unfinished = new Dictionary<RequestId, string>();
        var first = await ledger.FirstSeqAsync(from, cancellation);
        await foreach (var entry in RequestEntries.ReadAsync(ledger, first, until, null, cancellation))
        {
            var id = entry.RequestId!.Value;
            if (entry.Kind == LedgerEntryKind.HoldPlaced)
                unfinished[id] = Name(entry, by);
            else if (RequestUsage.IsLast(entry) && unfinished.Remove(id, out var name) && entry.Kind == LedgerEntryKind.HoldSettled)
                Group(groups, name).Add(entry);
        }

        return (groups, unfinished.Count);
    }

    private static UsageGroup Group(SortedDictionary<string, UsageGroup> groups, string name)
    {
        if (!groups.TryGetValue(name, out var group))
            groups.Add(name, group = new UsageGroup());
        return group;
    }

    private static string Name(LedgerEntry hold, string by) => by switch
    {
        "model" => hold.Model ?? "",
        "endpoint" => hold.Endpoint ?? "",
        _ => hold.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
