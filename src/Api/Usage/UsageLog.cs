using LlmTr.Api.Accounts;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Api.Usage;

/// <summary>
/// A key's requests, oldest first, read out of its ledger and nothing else. In that order a page stays the same page while requests go on, and a page
/// is all that is kept in memory.
/// </summary>
internal static class UsageLog
{
    // How much later than its id was made a hold can be in the ledger, and how much earlier by a front end's clock; with room to spare.
    private static readonly TimeSpan IdSlack = KeyAccount.MaxIdAge + TimeSpan.FromMinutes(1);

    /// <summary>The requests whose holds were placed within a time, without the first <paramref name="skip"/>, and how many there are in all.</summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read.</exception>
    public static async Task<(IReadOnlyList<RequestUsage> Requests, long Total)> PageAsync(
        LedgerReading ledger, DateTimeOffset from, DateTimeOffset until, long skip, int take, CancellationToken cancellation)
    {
        var requests = new List<RequestUsage>(take);
        var unfinished = new Dictionary<RequestId, int>();
        var total = 0L;
        var first = from == DateTimeOffset.MinValue ? 1 : await ledger.FirstSeqAsync(from, cancellation);
        await foreach (var entry in ledger.FromAsync(first, cancellation))
        {
            if (entry.At >= until && unfinished.Count == 0)
                break;
            if (entry.RequestId is not { } id)
                continue;
            if (entry.Kind == LedgerEntryKind.HoldPlaced && entry.At < until)
            {
                if (total++ >= skip && requests.Count < take)
                {
                    unfinished[id] = requests.Count;
                    requests.Add(new RequestUsage(entry, null));
                }
            }
            else if (RequestUsage.IsEnd(entry) && unfinished.TryGetValue(id, out var index))
            {
                requests[index] = requests[index].With(entry);
                if (requests[index].IsFinal)
                    unfinished.Remove(id);
            }
        }

        return (requests, total);
    }

    /// <summary>One request; null where the key has none of this id that got a hold. The id tells where in the ledger to look.</summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read.</exception>
    public static async Task<RequestUsage?> FindAsync(LedgerReading ledger, RequestId id, CancellationToken cancellation)
    {
        RequestUsage? request = null;
        var first = await ledger.FirstSeqAsync(id.MadeAt - IdSlack, cancellation);
        await foreach (var entry in ledger.FromAsync(first, cancellation))
        {
            if (request is null && entry.At > id.MadeAt + IdSlack)
                break;
            if (entry.RequestId != id)
                continue;
            if (entry.Kind == LedgerEntryKind.HoldPlaced)
                request = new RequestUsage(entry, null);
            else if (RequestUsage.IsEnd(entry))
                request = request?.With(entry);
            if (request is { IsFinal: true })
                break;
        }

        return request;
    }
}
