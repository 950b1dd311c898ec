using System.Text.Json;
using LlmTr.Grains.Accounts;

namespace LlmTr.Grains.Ledgers;

/// <summary>
/// An account that is built up again line by line: each line must name the hash of the line before it and follow from the account as it stands. Keeps no line, so a
/// ledger of any length takes the memory of its account.
/// </summary>
internal sealed class LedgerReplay
{
    /// <summary>Begins before the first line.</summary>
    public LedgerReplay()
        : this(new KeyAccount(), LineHash.Genesis)
    {
    }

    /// <summary>Begins behind the line that has this hash.</summary>
    public LedgerReplay(KeyAccount account, LineHash hash)
    {
        Account = account;
        Hash = hash;
    }

    /// <summary>The account after the last line.</summary>
    public KeyAccount Account { get; }

    /// <summary>The hash of the last line.</summary>
    public LineHash Hash { get; private set; }

    /// <summary>Takes in the next line.</summary>
    /// <exception cref="JsonException">The line is not an entry.</exception>
    /// <exception cref="LedgerBrokenException">It does not follow the line before it, or from the account.</exception>
    public LedgerEntry Take(ReadOnlySpan<byte> line)
    {
        var entry = LedgerLine.Decode(line);
        if (entry.Prev != Hash.ToString())
            throw new LedgerBrokenException($"Entry {entry.Seq} does not name the hash of the line before it: that line was changed, or lines were dropped or put in.");
        Account.Apply(entry);
        Hash = LineHash.Of(line);
        return entry;
    }
}
