using System.Runtime.CompilerServices;
using System.Text.Json;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Api.Accounts;

/// <summary>
/// One key's ledger as a stream of entries, read through its account a page at a time and never beyond the entry that was the last one when the reading
/// began: what is added up from it agrees with the account as it stood then, however much goes on meanwhile.
/// </summary>
/// <param name="accounts">The way to the account.</param>
/// <param name="keyId">Whose ledger.</param>
/// <param name="lastSeq">The last entry to read; <see cref="AccountView.LastSeq"/>.</param>
internal sealed class LedgerReading(AccountClient accounts, string keyId, long lastSeq)
{
    /// <summary>
    /// The most entries that one reading takes in: about 100,000 requests, and a second or two of work for gateway and account. Whoever asks could otherwise keep both busy for as
    /// long as a ledger of years is.
    /// </summary>
    public const int MostEntries = 200_000;

    private const int PageLines = 1000;
    private const int MostOpenPages = 10;

    private int _left = MostEntries;

    /// <summary>True once entries were asked for that are beyond <see cref="MostEntries"/>.</summary>
    public bool WasCut { get; private set; }

    /// <summary>The entries from a sequence number (1 is the first) on, oldest first; ends early where they are too many, as <see cref="WasCut"/> then says.</summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read, or is broken.</exception>
    public async IAsyncEnumerable<LedgerEntry> FromAsync(long seq, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (seq <= lastSeq)
        {
            if (_left == 0)
            {
                WasCut = true;
                yield break;
            }

            var lines = await LinesAsync(seq, (int)Math.Min(Math.Min(PageLines, _left), lastSeq - seq + 1), cancellation);
            _left -= lines.Count;
            for (var i = 0; i < lines.Count; i++)
                yield return Decode(lines[i], seq + i);
            seq += lines.Count;
        }
    }

    /// <summary>The ids of open holds and of open cases as they are now: of these the ledger has no further entry. Those with the lowest ids only, where there are very many.</summary>
    /// <exception cref="AccountUnavailableException">Nobody could tell.</exception>
    public async Task<(IReadOnlySet<RequestId> Holds, IReadOnlySet<RequestId> Cases)> OpenRequestsAsync(CancellationToken cancellation)
    {
        // Cases are read after holds: a hold that becomes a case in between is in both, and none is in neither.
        var holds = await AllAsync(async after =>
        {
            var (told, page) = await accounts.ReadHoldsAsync(keyId, after, PageLines, cancellation);
            return told ? (page?.Holds.Select(static hold => hold.Id), page?.Next) : throw new AccountUnavailableException();
        });
        var cases = await AllAsync(async after =>
        {
            var (told, page) = await accounts.ReadCasesAsync(keyId, after, PageLines, cancellation);
            return told ? (page?.Cases.Select(static open => open.Id), page?.Next) : throw new AccountUnavailableException();
        });
        return (holds, cases);
    }

    /// <summary>
    /// The sequence number of the first entry not before a moment; one behind the last where there is none. Times in a ledger never run backwards, so
    /// it is found in as many reads as the number of entries has binary digits.
    /// </summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read, or is broken.</exception>
    public async Task<long> FirstSeqAsync(DateTimeOffset moment, CancellationToken cancellation)
    {
        var (low, high) = (1L, lastSeq + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var line = (await LinesAsync(middle, 1, cancellation))[0];
            if (Decode(line, middle).At < moment)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static async Task<HashSet<RequestId>> AllAsync(Func<RequestId?, Task<(IEnumerable<RequestId>? Ids, RequestId? Next)>> read)
    {
        var all = new HashSet<RequestId>();
        RequestId? after = null;
        for (var page = 0; page < MostOpenPages; page++)
        {
            (var ids, after) = await read(after);
            all.UnionWith(ids ?? []);
            if (after is null)
                break;
        }

        return all;
    }

    private static LedgerEntry Decode(byte[] line, long seq)
    {
        try
        {
            return LedgerLine.Decode(line);
        }
        catch (JsonException exception)
        {
            throw new AccountUnavailableException("A line of the ledger is not an entry.", exception) { BrokenLedger = $"Line {seq} is not an entry." };
        }
    }

    private async Task<IReadOnlyList<byte[]>> LinesAsync(long seq, int count, CancellationToken cancellation)
    {
        var page = await accounts.ReadLedgerAsync(keyId, seq, count, cancellation);
        if (page?.Broken is { } broken)
            throw new AccountUnavailableException("The ledger is broken.") { BrokenLedger = broken };

        // An entry that was there a moment ago can be missing only where the store answers wrongly.
        return page is { Lines.Count: > 0 } ? page.Lines : throw new AccountUnavailableException();
    }
}
