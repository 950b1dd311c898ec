using System.Runtime.CompilerServices;
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
    private const int PageLines = 1000;

    /// <summary>The entries from a sequence number (1 is the first) on, oldest first.</summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read.</exception>
    public async IAsyncEnumerable<LedgerEntry> FromAsync(long seq, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (seq <= lastSeq)
        {
            var lines = await LinesAsync(seq, (int)Math.Min(PageLines, lastSeq - seq + 1), cancellation);
            foreach (var line in lines)
                yield return LedgerLine.Decode(line);
            seq += lines.Count;
        }
    }

    /// <summary>
    /// The sequence number of the first entry not before a moment; one behind the last where there is none. Times in a ledger never run backwards, so
    /// it is found in as many reads as the number of entries has binary digits.
    /// </summary>
    /// <exception cref="AccountUnavailableException">The ledger could not be read.</exception>
    public async Task<long> FirstSeqAsync(DateTimeOffset moment, CancellationToken cancellation)
    {
        var (low, high) = (1L, lastSeq + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var line = (await LinesAsync(middle, 1, cancellation))[0];
            if (LedgerLine.Decode(line).At < moment)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private async Task<IReadOnlyList<byte[]>> LinesAsync(long seq, int count, CancellationToken cancellation)
    {
        var page = await accounts.ReadLedgerAsync(keyId, seq, count, cancellation);

        // An entry that was there a moment ago can be missing only where the store answers wrongly.
        return page is { Lines.Count: > 0 } ? page.Lines : throw new AccountUnavailableException();
    }
}
