using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace LlmTr.Silo.Sqlite;

/// <summary>
/// Lets an append in only where it follows the account's last line. Where ledgers end is remembered, since looking it up would cost more than writing the line. What is remembered is believed only from the end of one transaction
/// of this connection to the beginning of its next, and only if nobody else has written to the file in between: two writers on one file are kept apart by the folder's lock, but promise 1 does not stand on that lock.
/// All calls are made within a transaction that has the file's write lock, but for <see cref="Committed"/>.
/// </summary>
internal sealed class LedgerFence : IDisposable
{
    // Some 100 bytes each.
    private const int MostRemembered = 100_000;

    private readonly SqliteStatement _othersCommits;
    private readonly SqliteStatement _tails;
    private readonly SqliteStatement _end;

    // The last line's number, by account. Holds every account that has a row in the tail, which has no index to look one up.
    private readonly Dictionary<string, long> _ends = new(StringComparer.Ordinal);
    private bool _isTrue;
    private long _othersAt;

    /// <summary>Knows nothing yet.</summary>
    /// <exception cref="SqliteException">A table is not there.</exception>
    public LedgerFence(SqliteConnection connection)
    {
        // SQLite counts for each connection what all others have committed.
        _othersCommits = new SqliteStatement(connection, "PRAGMA data_version");
        _tails = new SqliteStatement(connection, "SELECT account, max(last_seq) FROM tail GROUP BY account");
        _end = new SqliteStatement(connection, "SELECT last_seq FROM ledger WHERE account = ?1 ORDER BY first_seq DESC LIMIT 1");
    }

    /// <summary>To be called first in a transaction. From here on nothing is believed afterwards unless <see cref="Committed"/> is called.</summary>
    public void Begin()
    {
        var others = _othersCommits.RunForNumber();
        var isTrue = _isTrue && others == _othersAt && _ends.Count <= MostRemembered;
        _isTrue = false;
        if (isTrue)
            return;
        _ends.Clear();
        while (_tails.Step())
            _ends.Add(_tails.Text(0), _tails.Number(1));
        _othersAt = others;
    }

    /// <summary>Whether the append follows the account's last line; if so it is the account's last one from now on.</summary>
    public bool LetsIn(LedgerAppend append)
    {
        ref var end = ref CollectionsMarshal.GetValueRefOrAddDefault(_ends, append.Account, out var known);
        if (!known)
            end = _end.Bind(1, append.Account).RunForNumber();
        if (append.Position.Offset != end)
            return false;
        end = append.LastSeq;
        return true;
    }

    /// <summary>The transaction has ended well: what was let in is in the file.</summary>
    public void Committed() => _isTrue = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        _othersCommits.Dispose();
        _tails.Dispose();
        _end.Dispose();
    }
}
