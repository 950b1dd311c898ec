using System.Runtime.CompilerServices;
using LlmTr.Api.Accounts;
using LlmTr.Api.Errors;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Api.Usage;

/// <summary>The entries of a part of a key's requests: those of their holds, and those that ended the holds or closed their cases.</summary>
internal static class RequestEntries
{
    /// <summary>
    /// Entries of the requests whose holds are among those from a sequence number on and before a moment, oldest first. Behind that moment it reads on only for as long as one of the
    /// requests has an entry there that it has not met, and not beyond <see cref="LedgerReading.MostEntries"/>: what comes later yet is left out.
    /// </summary>
    /// <param name="ledger">Read once and by nobody else.</param>
    /// <param name="firstSeq">Where to begin.</param>
    /// <param name="until">The end of the holds, not included.</param>
    /// <param name="wanted">Tells holds that matter; null: all.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="RefusedException">400: more entries than one request may read.</exception>
    /// <exception cref="AccountUnavailableException">The ledger could not be read.</exception>
    public static async IAsyncEnumerable<LedgerEntry> ReadAsync(
        LedgerReading ledger, long firstSeq, DateTimeOffset until, Func<LedgerEntry, bool>? wanted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Requests that may have another entry yet, and whether their case was opened.
        var unfinished = new Dictionary<RequestId, bool>();
        IReadOnlySet<RequestId> openCases = new HashSet<RequestId>();
        var isBehind = false;
        await foreach (var entry in ledger.FromAsync(firstSeq, cancellation))
        {
            if (!isBehind && entry.At >= until)
            {
                isBehind = true;
                if (unfinished.Count > 0)
                {
                    (var openHolds, openCases) = await ledger.OpenRequestsAsync(cancellation);
                    foreach (var (request, hasCase) in unfinished)
                    {
                        if (openHolds.Contains(request) || (hasCase && openCases.Contains(request)))
                            unfinished.Remove(request);
                    }
                }
            }

            if (isBehind && unfinished.Count == 0)
                yield break;
            if (entry.RequestId is not { } id)
                continue;
            if (entry.Kind == LedgerEntryKind.HoldPlaced)
            {
                if (isBehind || wanted?.Invoke(entry) == false)
                    continue;
                unfinished[id] = false;
                yield return entry;
            }
            else if (RequestUsage.IsEnd(entry) && unfinished.ContainsKey(id))
            {
                if (RequestUsage.IsLast(entry) || openCases.Contains(id))
                    unfinished.Remove(id);
                else
                    unfinished[id] = true;
                yield return entry;
            }
        }

        if (ledger.WasCut && !isBehind)
            throw TooMany("from", "Give from and to closer to each other; both may be moments, such as 2027-01-31T09:00:00Z.");
    }

    /// <summary>400: one request may not read so much.</summary>
    public static RefusedException TooMany(string param, string advice) => new(ApiError.InvalidRequest(
        $"That would read more than {LedgerReading.MostEntries} entries of the ledger. {advice}", param));
}
