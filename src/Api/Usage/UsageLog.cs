using LlmTr.Api.Accounts;
using LlmTr.Api.Errors;
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
    /// <exception cref="RefusedException">400: the time has more entries than one request may read.</exception>
    /// <exception cref="AccountUnavailableException">The ledger could not be read.</exception>
    public static async Task<(IReadOnlyList<RequestUsage> Requests, long Total)> PageAsync(
        LedgerReading ledger, DateTimeOffset from, DateTimeOffset until, long skip, int take, CancellationToken cancellation)
    {
        var requests = new List<RequestUsage>();
        var places = new Dictionary<RequestId, int>();
        var total = 0L;
        var first = await ledger.FirstSeqAsync(from, cancellation);
        await foreach (var entry in RequestEntries.ReadAsync(ledger, first, until, null, cancellation))
        {
            var id = entry.RequestId!.Value;
            if (entry.Kind != LedgerEntryKind.HoldPlaced)
            {
                if (places.TryGetValue(id, out var place))
                    requests[place] = requests[place].With(entry);
            }
            else if (total++ >= skip && requests.Count < take)
            {
                places[id] = requests.Count;
                requests.Add(new RequestUsage(entry, null));
            }
        }

        return (requests, total);
    }

    /// <summary>One request; null where the key has none of this id that got a hold. The id tells where in the ledger to look.</summary>
    /// <exception cref="RefusedException">400: more entries around the making of the id than one request may read.</exception>
    /// <exception cref="AccountUnavailableException">The ledger could not be read.</exception>
    public static async Task<RequestUsage?> FindAsync(LedgerReading ledger, RequestId id, CancellationToken cancellation)
    {
        if (await HoldAsync(ledger, id, cancellation) is not { } hold)
            return null;
        RequestUsage? request = null;
        await foreach (var entry in RequestEntries.ReadAsync(ledger, hold.Seq, hold.At.AddTicks(1), entry => entry.RequestId == id, cancellation))
            request = request?.With(entry) ?? new RequestUsage(entry, null);
        return request ?? new RequestUsage(hold, null);
    }

    private static async Task<LedgerEntry?> HoldAsync(LedgerReading ledger, RequestId id, CancellationToken cancellation)
    {
        var first = await ledger.FirstSeqAsync(id.MadeAt - IdSlack, cancellation);
        await foreach (var entry in ledger.FromAsync(first, cancellation))
        {
            if (entry.At > id.MadeAt + IdSlack)
                return null;
            if (entry.Kind == LedgerEntryKind.HoldPlaced && entry.RequestId == id)
                return entry;
        }

        return ledger.WasCut ? throw RequestEntries.TooMany("request_id", "Look the request up by from and to instead; both may be moments, such as 2027-01-31T09:00:00Z.") : null;
    }
}
